#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

enum class metric_type : uint8_t {
  /// Goes up and down.
  gauge,
  /// Only grows, but for a restart.
  counter,
  /// Says something by its labels; the value is 1.
  info,
};

/// Names and values.
using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// One value of a metric.
struct metric_sample {
  metric_labels labels;
  double value = 0;
};

/// A metric with all its values, which differ by their labels.
///
/// Confined to one actor.
struct metric_family {
  /// Without `_total` or `_info`, which the writer adds. Letters, digits and
  /// `_`, no digit first.
  std::string name;

  /// One sentence.
  std::string help;

  metric_type type = metric_type::gauge;

  /// A base unit, which the name then ends with: `seconds`, `bytes`, `ratio`.
  /// Empty: a number of something.
  std::string unit = {};

  std::vector<metric_sample> samples = {};

  void add(double value, metric_labels labels = {}) {
    samples.push_back({std::move(labels), value});
  }
};

} // namespace bulwark
