#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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
  /// How many values lie below each of some bounds; see `add_histogram`.
  histogram,
};

/// Names and values.
using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// One value of a metric.
struct metric_sample {
  metric_labels labels;
  double value = 0;

  /// Of a histogram: `_bucket`, `_count` or, always the last, `_sum`.
  std::string_view suffix = {};
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

  /// Adds one histogram. `counts`: of the values up to each of `bounds`, which
  /// grow, but above the one before; and of those above all, which makes one
  /// more. `sum`: of all values.
  void add_histogram(std::span<const double> bounds,
                     std::span<const uint64_t> counts, double sum,
                     const metric_labels& labels);
};

} // namespace bulwark
