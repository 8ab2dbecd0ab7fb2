#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What becomes of a standby that was promoted when the member that it stands
/// in for is healthy again.
enum class fail_back : uint8_t {
  /// It goes on; the other one stands by.
  stay,
  /// It stands by again, once the other one has been healthy for a while.
  preferred,
};

/// Returns the name of `policy` as written above.
std::string to_string(fail_back policy);

/// How a redundancy group is to behave.
///
/// Immutable after construction.
struct group_options {
  /// With fewer healthy active members a standby is promoted. At least 1, at
  /// most as many as are declared active.
  size_t min_healthy = 1;

  fail_back policy = fail_back::stay;

  /// How long a preferred member has to be healthy before it is active again.
  duration fail_back_after = std::chrono::seconds{60};

  /// A member that failed twice within this time stays standby for good, as
  /// long as other members can be active.
  duration reset_after = std::chrono::minutes{10};

  friend bool operator==(const group_options&, const group_options&) = default;
};

/// Returns the first complaint about a group of so many members, with field,
/// value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const group_options& options, size_t active, size_t standby);

} // namespace bulwark
