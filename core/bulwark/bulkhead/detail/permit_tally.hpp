#pragma once

#include <bulwark/containers/detail/thread_lane.hpp>

#include <array>
#include <atomic>
#include <cstdint>

namespace bulwark {

/// What one consumer of a bulkhead took and gave back without asking the table.
/// Every request passes here twice, so each thread counts on its own lane and
/// whoever wants to know adds up.
///
/// Safe to call from any thread.
class permit_tally {
public:
  /// One more was granted, however much it is.
  void took(uint64_t amount) noexcept {
    auto lane = thread_lane();
    auto& to = lanes_[lane];
    add_on_lane(to.taken, lane, amount, std::memory_order_release);
    add_on_lane(to.grants, lane, uint64_t{1}, std::memory_order_relaxed);
  }

  /// Whoever sees this sees that it was taken before.
  void gave(uint64_t amount) noexcept {
    auto lane = thread_lane();
    add_on_lane(lanes_[lane].given, lane, amount, std::memory_order_release);
  }

  /// What was taken comes back unused: nothing was granted after all.
  void forget_grant() noexcept {
    auto lane = thread_lane();
    add_on_lane(lanes_[lane].grants, lane, ~uint64_t{0},
                std::memory_order_relaxed);
  }

  /// Returns how much more was taken than given back, modulo 2^64: it may be
  /// less than nothing where the table grants what is given back here. What is
  /// taken while it adds up may be counted and its return not.
  uint64_t out() const noexcept {
    auto given = sum(&lane_counts::given);
    return sum(&lane_counts::taken) - given;
  }

  uint64_t grants() const noexcept { return sum(&lane_counts::grants); }

private:
  struct alignas(64) lane_counts {
    std::atomic<uint64_t> taken{0};
    std::atomic<uint64_t> given{0};
    std::atomic<uint64_t> grants{0};
  };

  using count = std::atomic<uint64_t> lane_counts::*;

  uint64_t sum(count which) const noexcept {
    uint64_t result = 0;
    for (const auto& each : lanes_)
      result += (each.*which).load(std::memory_order_acquire);
    return result;
  }

  std::array<lane_counts, lanes> lanes_;
};

} // namespace bulwark
