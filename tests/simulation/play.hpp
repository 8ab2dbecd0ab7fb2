#pragma once

#include "simulation/coverage.hpp"
#include "simulation/history.hpp"

#include <optional>
#include <string>

namespace test::sim {

/// What came of one run.
struct outcome {
  std::optional<violation> broken;
  coverage met;

  /// All entries, or the last ones up to the violation.
  std::string text;

  /// The victim got as far as the step to crash at.
  bool crashed = false;
};

/// How to play, and how to look at it.
struct view {
  /// Judge by this checker alone; empty: by all.
  std::string only = {};

  /// Return the whole history.
  bool whole = false;

  /// Which child crashes at which step of all its lives together, from 1.
  size_t victim = none;
  size_t crash_at = 0;
};

outcome play(const plan& what, const view& how = {});

} // namespace test::sim
