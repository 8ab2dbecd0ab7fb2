#pragma once

#include <cstdint>

namespace bench {

/// How much of the machine's processors went to others than this program since
/// this was made: other processes, the kernel, other guests of the host. What
/// is measured meanwhile says little when it was much.
///
/// Confined to one thread.
class disturbance {
public:
  disturbance() noexcept : start_(look()) {}

  /// From 0 to 1; 0 where the kernel does not tell (Linux: /proc/stat).
  double share() const;

private:
  /// In ticks of the clock.
  struct sight {
    int64_t all = 0;
    int64_t idle = 0;
    int64_t own = 0;
  };

  static sight look() noexcept;

  sight start_;
};

} // namespace bench
