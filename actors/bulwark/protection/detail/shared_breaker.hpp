#pragma once

#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/breaker_notice.hpp>
#include <bulwark/protection/breaker_sharing.hpp>
#include <bulwark/protection/detail/breaker_group.hpp>
#include <bulwark/protection/detail/breaker_notices.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <utility>

namespace bulwark::detail {

/// What a service's breaker tells those of other nodes, and what it does when
/// it hears of them.
///
/// Safe to call from any thread.
class shared_breaker {
public:
  explicit shared_breaker(breaker_sharing with)
    : with_(std::move(with)), notices_(with_.node, with_.boot) {}

  /// The node's own one has changed.
  void changed(const breaker_change& change) BULWARK_EXCLUDES(lock_);

  /// An operator of this node has set it by hand.
  void ordered(bool forced_open) BULWARK_EXCLUDES(lock_);

  /// What is news of it has its effect on `own`.
  void heard(const breaker_knowledge& what, breaker_group& own, time_point now)
    BULWARK_EXCLUDES(lock_);

  breaker_knowledge knowledge() const BULWARK_EXCLUDES(lock_);

private:
  static void follow(breaker_advice advice, breaker_group& own, time_point now);

  const breaker_sharing with_;
  mutable mutex lock_;
  breaker_notices notices_ BULWARK_GUARDED_BY(lock_);
};

} // namespace bulwark::detail
