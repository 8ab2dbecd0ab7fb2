#include <bulwark/protection/detail/shared_breaker.hpp>

#include <optional>

namespace bulwark::detail {

void shared_breaker::changed(const breaker_change& change) {
  std::optional<breaker_notice> news;
  {
    lock_guard guard{lock_};
    news = notices_.changed(change);
  }
  if (news)
    with_.tell({{*news}, {}});
}

/// That it may decide by itself again is news only where it might not.
void shared_breaker::ordered(bool forced_open) {
  breaker_order news;
  {
    lock_guard guard{lock_};
    if (!forced_open && !notices_.knowledge().order.forced_open)
      return;
    news = notices_.order(forced_open);
  }
  with_.tell({{}, news});
}

/// With the lock, so that of two orders the later one has its effect last.
void shared_breaker::heard(const breaker_knowledge& what, breaker_group& own,
                           time_point now) {
  lock_guard guard{lock_};
  for (const auto& notice : what.notices)
    follow(notices_.heard(notice), own, now);
  follow(notices_.heard(what.order), own, now);
}

void shared_breaker::follow(breaker_advice advice, breaker_group& own,
                            time_point now) {
  switch (advice) {
  case breaker_advice::nothing:
    return;
  case breaker_advice::caution:
    return own.caution(now);
  case breaker_advice::force_open:
    return own.set(breaker_state::forced_open, {}, now);
  case breaker_advice::release:
    return own.set(breaker_state::closed, {}, now);
  }
}

breaker_knowledge shared_breaker::knowledge() const {
  lock_guard guard{lock_};
  return notices_.knowledge();
}

} // namespace bulwark::detail
