#pragma once

#include <bulwark/chaos/experiment.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// What became of an experiment.
///
/// Immutable after construction.
struct experiment_report {
  experiment what;
  experiment_verdict verdict = experiment_verdict::refused;

  /// Why it ended so; empty for `held`.
  std::string why;

  /// The readings of the steady conditions' figures: the last before, the worst
  /// ones during, the last after.
  figure_readings before;
  figure_readings during;
  figure_readings after;

  /// How long faults were there.
  duration lasted{0};

  /// From the first fault to the first event of a protection; from the end of
  /// the faults until all was well. Nothing: none, or never.
  std::optional<duration> noticed_after;
  std::optional<duration> recovered_after;

  /// Events of each protection, from the first fault until it was well again.
  std::map<std::string, uint64_t, std::less<>> protections;

  /// Those that were expected and have not acted.
  [[nodiscard]] std::vector<std::string> missing() const;

  /// Whether all is as its author wrote.
  [[nodiscard]] bool as_expected() const;
};

/// Returns the report as a person reads it.
std::string to_text(const experiment_report& report);

/// Returns it as one JSON object on one line, without its end: `experiment`,
/// `verdict`, `expected`, `as_expected`, `why`, `seed`, `faults`,
/// `lasted_seconds`, `steady`, `noticed_seconds`, `recovered_seconds`,
/// `protections` with their counts, `did_not_act`. What is not known is null.
std::string to_json(const experiment_report& report);

} // namespace bulwark
