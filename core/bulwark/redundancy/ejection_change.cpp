#include <bulwark/redundancy/ejection_change.hpp>

namespace bulwark {

std::string to_string(ejection_cause cause) {
  switch (cause) {
  case ejection_cause::errors_in_row:
    return "errors_in_row";
  case ejection_cause::error_share:
    return "error_share";
  case ejection_cause::latency:
    return "latency";
  }
  return "ejection_cause(" + std::to_string(static_cast<int>(cause)) + ")";
}

} // namespace bulwark
