#pragma once

#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/trend.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bulwark {

/// How the use of all bulkheads went over a period that ends now.
///
/// Immutable after construction.
struct performance_trends {
  double time_period_hours = 0;

  /// How many samples were in the period, and how much of it they cover: less
  /// than the period where it goes back further than what is kept.
  uint64_t metrics_count = 0;
  duration covered = duration::zero();

  /// By name; who was not sampled in the period is not in it.
  std::map<std::string, usage_trend> bulkhead_trends;

  /// Why there is nothing to tell, else empty.
  std::string message;

  friend bool operator==(const performance_trends&,
                         const performance_trends&) = default;
};

/// The latest samples of all bulkheads of a node.
///
/// Confined to one thread; the manager guards it with its lock.
class metrics_history {
public:
  /// @param samples_max of each bulkhead; at least 1
  explicit metrics_history(size_t samples_max) : samples_max_(samples_max) {}

  void add(const std::vector<bulkhead_stats>& sample, time_point now);

  performance_trends trends(duration period, time_point now) const;

private:
  size_t samples_max_;
  std::map<std::string, sample_ring> rings_;
};

} // namespace bulwark
