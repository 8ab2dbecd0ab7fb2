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
};

/// How to look at a run.
struct view {
  /// Judge by this checker alone; empty: by all.
  std::string only;

  /// Return the whole history.
  bool whole = false;
};

outcome play(const plan& what, const view& how = {});

} // namespace test::sim
