#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// How a member of a redundancy group is.
enum class member_status : uint8_t {
  healthy,
  /// It works, but not well; others are better.
  degraded,
  /// It is down, and nobody starts it at this moment.
  failed,
  /// It is being started again.
  recovering,
};

/// Returns the name of `status` as written above.
std::string to_string(member_status status);

} // namespace bulwark
