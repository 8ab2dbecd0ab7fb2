#pragma once

#include <bulwark/supervision/step.hpp>
#include <bulwark/time.hpp>

#include <map>
#include <optional>

namespace bulwark::detail {

/// What a supervisor waits for, in order of time; what is due at one time, in
/// the order it was added. One timer of the system serves all of them, so
/// that a hundred thousand children do not need as many.
///
/// Confined to one actor.
class timer_queue {
public:
  void add(time_point due, const supervision_timer& timer) {
    all_.emplace(due, timer);
  }

  /// Takes the earliest one that is due at `now`.
  std::optional<supervision_timer> take(time_point now) {
    if (all_.empty() || all_.begin()->first > now)
      return std::nullopt;
    auto result = all_.begin()->second;
    all_.erase(all_.begin());
    return result;
  }

  /// Returns when to look again, if an alarm is to be set for it: when the
  /// earliest one is earlier than the alarm that is set already.
  std::optional<time_point> next_alarm() {
    if (all_.empty() || (alarm_ && *alarm_ <= all_.begin()->first))
      return std::nullopt;
    alarm_ = all_.begin()->first;
    return alarm_;
  }

  /// An alarm rang.
  void rang(time_point now) {
    if (alarm_ && *alarm_ <= now)
      alarm_.reset();
  }

private:
  std::multimap<time_point, supervision_timer> all_;
  std::optional<time_point> alarm_;
};

} // namespace bulwark::detail
