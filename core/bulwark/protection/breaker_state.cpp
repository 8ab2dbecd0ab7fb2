#include <bulwark/protection/breaker_state.hpp>

namespace bulwark {

std::string to_string(breaker_state state) {
  switch (state) {
  case breaker_state::closed:
    return "closed";
  case breaker_state::open:
    return "open";
  case breaker_state::half_open:
    return "half_open";
  case breaker_state::forced_open:
    return "forced_open";
  case breaker_state::disabled:
    return "disabled";
  case breaker_state::metrics_only:
    return "metrics_only";
  }
  return "breaker_state(" + std::to_string(static_cast<int>(state)) + ")";
}

} // namespace bulwark
