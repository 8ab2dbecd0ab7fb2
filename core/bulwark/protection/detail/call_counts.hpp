#pragma once

#include <bulwark/containers/detail/thread_lane.hpp>
#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/detail/past_totals.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// Counts the calls of a circuit breaker for its metrics; nothing is decided
/// by them. Each thread counts on its lane; whoever asks adds up.
///
/// Safe to call from any thread.
class call_counts {
public:
  static constexpr duration recent = std::chrono::seconds{300};
  static constexpr size_t steps = 30;

  void add(bool succeeded, bool slow, duration took, time_point now) noexcept;

  void refuse() noexcept {
    auto lane = thread_lane();
    add_on_lane(lanes_[lane].refused, lane, uint64_t{1},
                std::memory_order_relaxed);
  }

  /// Forgets all so far.
  void restart() noexcept;

  /// Leaves open what it does not know: state and count of failures.
  breaker_metrics read(time_point now) const noexcept;

private:
  struct alignas(64) counts {
    std::atomic<uint64_t> calls{0};
    std::atomic<uint64_t> successes{0};
    // Of the successes, in nanoseconds.
    std::atomic<uint64_t> took{0};
    std::atomic<uint64_t> slow{0};
    std::atomic<uint64_t> refused{0};
  };

  using history = past_totals<3, steps>;

  history::totals present() const noexcept;
  uint64_t sum(std::atomic<uint64_t> counts::*which) const noexcept;

  std::array<counts, lanes> lanes_;

  // What each was when all was forgotten.
  counts before_;
  history past_{recent / steps};

  // On the steady clock; 0: none did.
  std::atomic<int64_t> last_failure_{0};
};

} // namespace bulwark
