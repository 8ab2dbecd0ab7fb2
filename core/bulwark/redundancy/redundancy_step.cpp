#include <bulwark/redundancy/redundancy_step.hpp>

namespace bulwark {

std::string to_string(redundancy_step_kind kind) {
  switch (kind) {
  case redundancy_step_kind::replica_failed:
    return "replica_failed";
  case redundancy_step_kind::load_redistributed:
    return "load_redistributed";
  case redundancy_step_kind::standby_promoted:
    return "standby_promoted";
  case redundancy_step_kind::stood_down:
    return "stood_down";
  case redundancy_step_kind::resumed:
    return "resumed";
  case redundancy_step_kind::failed_back:
    return "failed_back";
  case redundancy_step_kind::group_exhausted:
    return "group_exhausted";
  }
  return "redundancy_step(" + std::to_string(static_cast<int>(kind)) + ")";
}

} // namespace bulwark
