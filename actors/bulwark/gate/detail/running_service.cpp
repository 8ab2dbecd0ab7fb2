#include <bulwark/gate/detail/running_service.hpp>

namespace bulwark::detail {

running_service*& this_service() noexcept {
  thread_local running_service* current = nullptr;
  return current;
}

} // namespace bulwark::detail
