#include <bulwark/options/version.hpp>

namespace bulwark {

const char* version() noexcept {
  return BULWARK_VERSION;
}

} // namespace bulwark
