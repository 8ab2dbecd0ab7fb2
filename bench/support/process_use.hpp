#pragma once

#include <chrono>
#include <cstdint>

namespace bench {

/// What this process did with its processors since this was made.
///
/// Confined to one thread.
class process_use {
public:
  process_use() noexcept : start_(look()) {}

  /// Processors that were busy with it, on average.
  double processors() const noexcept;

  /// How often per second one of its threads gave its processor away, to wait.
  double waits() const noexcept;

private:
  struct sight {
    std::chrono::steady_clock::time_point at;
    double cpu_seconds = 0;
    int64_t waits = 0;
  };

  static sight look() noexcept;
  static double seconds(const sight& from, const sight& to) noexcept;

  sight start_;
};

} // namespace bench
