#pragma once

#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulwark::detail {

/// When something came from a node, and how likely it is that nothing has come
/// since.
///
/// phi = -log10 P(silence), where times between arrivals are normally
/// distributed with the mean and deviation of those that were seen: Hayashibara
/// et al., "The phi accrual failure detector" (2004). The tail of the normal
/// distribution is taken as 1 / (1 + exp(y (1.5976 + 0.070566 y^2))), y in
/// deviations: Bowling et al., "A logistic approximation to the cumulative
/// normal distribution" (2009).
///
/// Confined to one thread.
class arrival_history {
public:
  arrival_history(const noticing_options& options, time_point begin);

  /// Something came at `at`. Without effect if that is less than `resolution`
  /// later than the last time.
  void heard(time_point at);

  /// The kernel knows it no better than this.
  static constexpr std::chrono::milliseconds resolution{20};

  /// Returns phi for a silence that is `stretch` times as short.
  double phi(time_point now, double stretch = 1) const;

  bool suspect(time_point now, double stretch = 1) const {
    return phi(now, stretch) >= options_.phi_max;
  }

  time_point last() const noexcept { return last_; }

private:
  double mean() const;
  double deviation() const;
  void add(duration interval);

  noticing_options options_;
  time_point last_;

  // Microseconds, in a ring: exact sums, whatever leaves them.
  std::vector<int64_t> samples_;
  size_t next_ = 0;
  int64_t sum_ = 0;
  int64_t squares_ = 0;
};

} // namespace bulwark::detail
