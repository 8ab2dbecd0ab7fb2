#include <bulwark/quota/detail/cpu_quota_core.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

bool is_told(const child_control* told) {
  return told != nullptr && (told->kill || told->stop || told->retire);
}

} // namespace

cpu_quota_core::cpu_quota_core(caf::actor_system& sys, std::string name,
                               const cpu_quota_options& options, duration look)
  : sys_(sys),
    name_(std::move(name)),
    options_(options),
    look_(look),
    undone_(can_put_back()),
    processors_(options),
    balance_(options) {}

time_point cpu_quota_core::now() const {
  return sys_.clock().now();
}

void cpu_quota_core::set_rouse(std::function<void()> rouse) {
  std::lock_guard guard{lock_};
  rouse_ = std::move(rouse);
}

void cpu_quota_core::enter(worker_record& who) {
  if (who.clock)
    return;
  who.clock.emplace();
  who.confined = processors_.confine();
  who.number = balance_.add(duration::zero());
  records_.emplace(who.number, &who);
  if (who.given_up)
    balance_.give_up(who.number);
}

bool cpu_quota_core::begin(worker_record& who, const child_control* told) {
  auto ended = false;
  std::function<void()> rouse;
  leave_work(who);
  {
    std::unique_lock guard{lock_};
    enter(who);
    for (;;) {
      auto at = now();
      auto used = who.clock->read();
      if (balance_.begin(who.number, used, at))
        break;
      if (is_told(told)) {
        balance_.begin_anyway(who.number, used, at);
        ended = true;
        break;
      }
      who.woken.wait_until(guard, balance_.runs_again(at));
    }
    if (!std::exchange(watched_, true))
      rouse = rouse_;
    std::lock_guard place{who.place};
    who.at_work = true;
  }
  if (rouse)
    rouse();
  return ended;
}

void cpu_quota_core::end(worker_record& who) {
  leave_work(who);
  std::lock_guard guard{lock_};
  if (!who.clock)
    return;
  balance_.end(who.number, who.clock->read(), now());
}

void cpu_quota_core::wake(worker_record& who, bool killed) {
  std::lock_guard guard{lock_};
  if (killed) {
    who.given_up = true;
    balance_.give_up(who.number);
  }
  who.woken.notify_all();
}

void cpu_quota_core::leave(worker_record& who) {
  leave_work(who);
  std::lock_guard guard{lock_};
  if (!who.clock)
    return;
  balance_.remove(who.number, who.clock->read(), now());
  records_.erase(who.number);
  who.clock.reset();
}

/// By the thread itself, before it takes the lock that all share.
void cpu_quota_core::leave_work(worker_record& who) const {
  std::lock_guard place{who.place};
  who.at_work = false;
  if (undone_ && std::exchange(who.last, false))
    who.clock->put_back();
}

void cpu_quota_core::put_back(worker_record& who) const {
  std::unique_lock place{who.place, std::try_to_lock};
  if (place && undone_ && std::exchange(who.last, false))
    who.clock->put_back();
}

void cpu_quota_core::put_last(worker_record& who) const {
  std::unique_lock place{who.place, std::try_to_lock};
  if (place && who.at_work && !std::exchange(who.last, true))
    who.clock->put_last();
}

bool cpu_quota_core::in_the_way(const worker_record& who) const {
  return !who.confined || who.given_up || processors_.shared();
}

duration cpu_quota_core::look_again_in() {
  std::lock_guard guard{lock_};
  return balance_.look_again_in(now(), look_);
}

cpu_quota_core::sight cpu_quota_core::look() {
  std::lock_guard guard{lock_};
  auto at = now();
  auto busy = balance_.at_work();
  for (auto each : busy)
    balance_.read(each, records_.at(each)->clock->read(), at);
  for (auto each : busy) {
    auto& who = *records_.at(each);
    if (!balance_.out_of_turn(each, at))
      put_back(who);
    else if ((undone_ || who.given_up) && in_the_way(who))
      put_last(who);
  }
  sight result;
  for (const auto& each : balance_.overruns(at)) {
    auto& who = *records_.at(each.worker);
    auto last = in_the_way(who);
    if (last)
      put_last(who);
    result.overruns.push_back({who.who, each.running_for, each.used, last});
  }
  result.idle = busy.empty();
  result.again_in = balance_.look_again_in(at, look_);
  watched_ = !result.idle;
  return result;
}

cpu_quota_stats cpu_quota_core::stats() {
  std::lock_guard guard{lock_};
  auto at = now();
  auto busy = balance_.at_work();
  for (auto each : busy)
    balance_.read(each, records_.at(each)->clock->read(), at);
  auto counted = balance_.stats(at);
  cpu_quota_stats result;
  result.name = name_;
  result.quota = options_.quota;
  result.period = options_.period;
  result.utilization_percent = 100 * balance_.utilization(at);
  result.health = health_of(result.utilization_percent);
  result.usage = counted.usage + balance_.abandoned_usage();
  result.abandoned_usage = balance_.abandoned_usage();
  result.nr_periods = counted.periods;
  result.nr_throttled = counted.throttled_periods;
  result.throttled_time = counted.throttled;
  result.overruns = balance_.overrun_count();
  result.threads = balance_.workers();
  result.threads_at_work = busy.size();
  return result;
}

} // namespace bulwark::detail
