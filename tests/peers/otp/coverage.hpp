#pragma once

#include "peers/otp/cases.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace test::otp {

/// What a set of cases asks for.
struct case_coverage {
  /// `exit` actions by the strategy of the supervisor, the restart type of the
  /// worker and the class, each the value of its enumerator.
  std::array<std::array<std::array<size_t, 4>, 3>, 4> exits{};

  size_t cases = 0;

  /// With supervisors below the root.
  size_t nested = 0;

  /// With a trap or a failing start, and an `exit` after it.
  size_t disturbed = 0;

  /// With a supervisor that may shut down by itself and a significant child
  /// of it.
  size_t significant = 0;
};

[[nodiscard]] case_coverage coverage(const std::vector<peer_case>& cases);

/// Returns whether each kind of exit is there at least `least` times.
[[nodiscard]] bool covers_exits(const case_coverage& table, size_t least);

/// Returns it as a table, one line per strategy and restart type.
std::string print(const case_coverage& table);

} // namespace test::otp
