#pragma once

#include <map>
#include <stdexcept>
#include <string>

namespace bulwark::test {

/// Where a text of metrics is not as its format wants it: the line, and why.
class metrics_fault : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A text of metrics, read.
struct metrics_reading {
  /// Types by the names of families, as they stand there.
  std::map<std::string, std::string> types;

  /// Values by name and labels, as they stand there: `a_total{b="c"}`.
  std::map<std::string, double> values;

  double at(const std::string& series) const;
};

/// Reads Prometheus' text format 0.0.4, or OpenMetrics 1.0 where `open` is
/// true. Stricter than either: HELP, TYPE and UNIT stand once and before the
/// values of their family, in this order; families are not mixed; nothing comes
/// twice; units are base units; counters have the suffix that is theirs, and
/// nothing else has it. Shares no code with what writes it.
/// @throws metrics_fault
metrics_reading read_metrics(const std::string& text, bool open);

} // namespace bulwark::test
