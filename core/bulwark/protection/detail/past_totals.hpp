#pragma once

#include <bulwark/time/time.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace bulwark {

/// What totals that only grow were when each of the last `Steps` steps of time
/// began: the difference to now is what was added since. Whoever adds to the
/// totals calls `notice` first; the first one within a step takes the note.
///
/// What is added by two threads while a step begins may count to either side.
/// A time before the latest step is taken as within it.
///
/// Safe to call from any thread.
template <size_t Totals, size_t Steps>
class past_totals {
public:
  using totals = std::array<uint64_t, Totals>;

  explicit past_totals(duration step) noexcept : step_(step) {}

  /// `read` returns the totals. Costs a load and a comparison within a step.
  template <class F>
  void notice(time_point now, F read) noexcept {
    if (is_beyond(now, latest_.load(std::memory_order_acquire))) [[unlikely]]
      begin_step(step_of(now), read);
  }

  /// Returns the totals when the step began that is the last but `back`, seen
  /// from `now`; nothing where nothing was added since.
  /// @pre `back < Steps`
  std::optional<totals> at(time_point now, size_t back) const noexcept {
    auto latest = latest_.load(std::memory_order_acquire);
    auto step = is_beyond(now, latest) ? step_of(now) : latest;
    step -= static_cast<int64_t>(back);
    if (step > latest)
      return std::nullopt;
    totals result;
    const auto& from = past_[place_of(step)];
    for (size_t i = 0; i < Totals; ++i)
      result[i] = from[i].load(std::memory_order_acquire);
    return result;
  }

private:
  static size_t place_of(int64_t step) noexcept {
    return static_cast<size_t>(step) % Steps;
  }

  // Most times are within the latest step, and need no division.
  bool is_beyond(time_point now, int64_t step) const noexcept {
    return now.time_since_epoch() >= step_ * (step + 1);
  }

  int64_t step_of(time_point now) const noexcept {
    return now.time_since_epoch() / step_;
  }

  template <class F>
  void begin_step(int64_t step, F read) noexcept {
    // Read before the look at `latest_`: then nothing of the new step is in it.
    totals present = read();
    auto latest = latest_.load(std::memory_order_acquire);
    while (latest < step) {
      auto from = std::max(latest + 1, step + 1 - int64_t{Steps});
      for (auto each = from; each <= step; ++each)
        note(past_[place_of(each)], present);
      latest_.compare_exchange_weak(latest, step, std::memory_order_acq_rel);
    }
  }

  // The totals grow, modulo 2^64, so that the larger one is the later one.
  static void note(std::array<std::atomic<uint64_t>, Totals>& to,
                   const totals& present) noexcept {
    for (size_t i = 0; i < Totals; ++i) {
      auto known = to[i].load(std::memory_order_acquire);
      while (static_cast<int64_t>(present[i] - known) > 0
             && !to[i].compare_exchange_weak(known, present[i],
                                             std::memory_order_acq_rel)) {
      }
    }
  }

  duration step_;

  // Steps are numbered from the steady clock's start.
  std::atomic<int64_t> latest_{-1};
  std::array<std::array<std::atomic<uint64_t>, Totals>, Steps> past_{};
};

} // namespace bulwark
