#include <bulwark/redundancy/health_change.hpp>

namespace bulwark {

std::string to_string(health_source source) {
  switch (source) {
  case health_source::probe:
    return "probe";
  case health_source::declared:
    return "declared";
  }
  return "health_source(" + std::to_string(static_cast<int>(source)) + ")";
}

} // namespace bulwark
