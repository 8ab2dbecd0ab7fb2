#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// One crossing of a threshold.
struct threshold_crossing {
  /// `warning` or `critical`.
  const char* threshold = "";
  bool upward = false;
  uint64_t use = 0;
  uint64_t capacity = 0;
};

/// Notices when the use of a bulkhead crosses its thresholds. A threshold is
/// crossed upward when the use reaches it, and downward only when the use is
/// below it by the hysteresis and at least two permits below where it crossed,
/// or 0. So a use that swings around it by one permit is told once, but in a
/// bulkhead of one.
///
/// Confined to one thread; the bulkhead guards it with its lock.
class threshold_watch {
public:
  explicit threshold_watch(const bulkhead_options& options);

  /// Nothing is crossed while the use is at least `from` and below `to`.
  struct quiet_range {
    uint64_t from = 0;
    uint64_t to = 0;
  };

  quiet_range quiet() const noexcept;

  /// What a use crosses, at most both thresholds.
  struct crossings {
    std::array<threshold_crossing, 2> all;
    size_t count = 0;
  };

  crossings observe(uint64_t use);

  /// The thresholds move with the capacity.
  void set_capacity(uint64_t capacity);

private:
  struct mark {
    const char* name;
    double share;
    uint64_t up = 0;
    uint64_t down = 0;
    bool above = false;
  };

  double hysteresis_;
  uint64_t capacity_ = 0;
  std::array<mark, 2> marks_;
};

} // namespace bulwark
