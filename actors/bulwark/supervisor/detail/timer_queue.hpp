#pragma once

#include <bulwark/supervision/detail/step.hpp>
#include <bulwark/time/detail/timer_stack.hpp>
#include <bulwark/time/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bulwark::detail {

/// What a supervisor waits for, in order of time; what is due at one time, in
/// the order it was added. One timer of the system serves all of them, so
/// that a hundred thousand children do not need as many.
///
/// Most of them become void long before they are due: those are thrown away
/// whenever the queue has doubled, so that it holds at most 64 or three times
/// what is really waited for.
///
/// Confined to one actor.
class timer_queue {
public:
  /// `is_void` says of a timer whether it is out of date, for ever.
  template <class IsVoid>
  void add(time_point due, const supervision_timer& timer,
           const IsVoid& is_void) {
    if (all_.size() >= purge_at_) {
      std::erase_if(all_, [&](auto& each) { return is_void(each.timer); });
      std::make_heap(all_.begin(), all_.end(), later{});
      purge_at_ = std::max(purge_min, 2 * all_.size());
    }
    all_.push_back({due, next_++, timer});
    std::push_heap(all_.begin(), all_.end(), later{});
  }

  /// Takes the earliest one that is due at `now`.
  std::optional<supervision_timer> take(time_point now) {
    if (all_.empty() || all_.front().due > now)
      return std::nullopt;
    std::pop_heap(all_.begin(), all_.end(), later{});
    auto result = all_.back().timer;
    all_.pop_back();
    return result;
  }

  /// Returns when to look again, if an alarm is to be set for it: when the
  /// earliest one is earlier than all alarms that are set already.
  std::optional<time_point> next_alarm(time_point now) {
    if (all_.empty())
      return std::nullopt;
    return alarms_.need(all_.front().due, now);
  }

  /// An alarm rang.
  void rang(time_point now) { alarms_.rang(now); }

  size_t size() const noexcept { return all_.size(); }

private:
  struct entry {
    time_point due;
    uint64_t number = 0;
    supervision_timer timer;
  };

  /// The earliest is first in the heap.
  struct later {
    bool operator()(const entry& x, const entry& y) const noexcept {
      return x.due != y.due ? x.due > y.due : x.number > y.number;
    }
  };

  static constexpr size_t purge_min = 64;

  std::vector<entry> all_;
  size_t purge_at_ = purge_min;
  uint64_t next_ = 0;
  timer_stack alarms_;
};

} // namespace bulwark::detail
