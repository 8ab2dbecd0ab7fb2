#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulwark {

/// Whether a latency is where it always was. A value is outside when it is
/// `factor_min` times the median of the past, and its logarithm `scores_min`
/// robust standard deviations away from that of the median:
///
///     0.6745 (x - median) / MAD
///
/// with the median of absolute deviations (B. Iglewicz, D. Hoaglin, "How to
/// Detect and Handle Outliers", 1993; NIST/SEMATECH e-Handbook, 1.3.5.17), here
/// with 6 in place of 3.5, because somebody is told. Of logarithms, because
/// latencies are skewed. `run` values in a row outside have left the past;
/// whether most of the next `confirm` stay there, is what one waits for.
///
/// Confined to one actor.
class latency_watch {
public:
  enum class step : uint8_t { none, left, stays, returned };

  static constexpr double factor_min = 1.5;
  static constexpr double scores_min = 6;
  static constexpr size_t past_min = 30;
  static constexpr size_t past_max = 120;
  static constexpr size_t run = 3;
  static constexpr size_t confirm = 6;

  /// Takes the next value: seconds, above 0.
  [[nodiscard]] step add(double latency);

  /// The median of the past, in seconds; 0 while there is none.
  [[nodiscard]] double median() const;

private:
  [[nodiscard]] bool is_outside(double value) const;
  void remember(double value);

  // Logarithms, oldest first.
  std::vector<double> past_;
  size_t outside_ = 0;

  // Of those since it left the past.
  bool left_ = false;
  size_t seen_ = 0;
};

} // namespace bulwark
