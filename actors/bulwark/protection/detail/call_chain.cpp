#include <bulwark/protection/detail/call_chain.hpp>

namespace bulwark::detail {

call_chain& call_chain::here() noexcept {
  thread_local call_chain result;
  return result;
}

} // namespace bulwark::detail
