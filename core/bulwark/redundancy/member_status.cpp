#include <bulwark/redundancy/member_status.hpp>

namespace bulwark {

std::string to_string(member_status status) {
  switch (status) {
  case member_status::healthy:
    return "healthy";
  case member_status::degraded:
    return "degraded";
  case member_status::failed:
    return "failed";
  case member_status::recovering:
    return "recovering";
  }
  return "member_status(" + std::to_string(static_cast<int>(status)) + ")";
}

} // namespace bulwark
