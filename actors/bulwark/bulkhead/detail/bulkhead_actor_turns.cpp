#include <bulwark/bulkhead/detail/bulkhead_actor.hpp>
#include <bulwark/bulkhead/detail/bulkhead_tick.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_clock.hpp>
#include <caf/to_string.hpp>

#include <algorithm>
#include <utility>
#include <vector>

// What a bulkhead's actor does when something happens by itself: a permit came
// free, an owner ended, a lease is over.

namespace bulwark::detail {

namespace {

/// CAF's own text of an address is `null:pointer` once its actor has ended.
event reclaimed(event_kind kind, const caf::actor_addr& who, uint64_t amount) {
  event what;
  what.kind = kind;
  what.with("holder", std::to_string(who.id()) + "@" + to_string(who.node()))
    .with("amount", std::to_string(amount));
  return what;
}

} // namespace

void bulkhead_actor::fetch() {
  auto take = [this](uint64_t id) -> std::optional<waiter> {
    auto known = waiters_.find(id);
    if (known == waiters_.end())
      return std::nullopt;
    auto result = std::move(known->second);
    waiters_.erase(known);
    --holders_[result.holder].waiting;
    return result;
  };
  for (const auto& each : core_->take_granted(source_)) {
    auto who = take(each.key.id);
    if (who)
      who->promise.deliver(hold(each, who->holder, who->lease));
    else
      give({each.key.id,
            0,
            each.consumer,
            each.amount,
            static_cast<uint32_t>(each.tenant),
            {}});
  }
  for (const auto& [id, why] : core_->take_refused(source_))
    if (auto who = take(id)) {
      give_turn_back(who->tenant);
      who->promise.deliver(refusal(why));
      forget_if_idle(who->holder);
    }
}

void bulkhead_actor::on_down(const actor_ended& what) {
  auto known = numbers_.find(what.who);
  if (known == numbers_.end())
    return;
  auto number = known->second;
  for (auto it = waiters_.begin(); it != waiters_.end();) {
    if (it->second.holder != number) {
      ++it;
      continue;
    }
    core_->forget({source_, it->first}, permit_table::parting::withdrawn);
    give_turn_back(it->second.tenant);
    it = waiters_.erase(it);
  }
  uint64_t amount = 0;
  for (const auto& each : holdings_.leave(number)) {
    amount += each.amount;
    give(each);
  }
  numbers_.erase(known);
  holders_.erase(number);
  if (amount == 0)
    return;
  auto told = reclaimed(event_kind::permits_reclaimed, what.who, amount);
  told.reason = describe(what.reason);
  core_->emit(std::move(told));
}

void bulkhead_actor::on_tick() {
  timers_.rang(now());
  core_->with_table([](permit_table& table, time_point at, auto& changed) {
    changed = table.expire(at);
    return 0;
  });
  auto over = holdings_.expire(now());
  for (const auto& each : over) {
    give(each);
    core_->emit(reclaimed(event_kind::lease_expired,
                          holders_.at(each.holder).who, each.amount));
  }
  for (const auto& each : over)
    forget_if_idle(each.holder);
  for (const auto& each : unread_.expire(now())) {
    auto who = holders_.at(each.holder).who;
    auto held = come_back(each);
    if (!held)
      continue;
    auto told = reclaimed(event_kind::permits_reclaimed, who, held->amount);
    told.reason =
      "nobody has read the answer for " + to_text(permit_unread_max);
    core_->emit(std::move(told));
  }
  fetch();
  set_timer();
}

void bulkhead_actor::set_timer() {
  auto due = core_->read_table(
    [](const permit_table& table) { return table.next_expiry(); });
  auto lease = holdings_.next_expiry();
  auto next = std::min({due.value_or(time_point::max()),
                        lease.value_or(time_point::max()), unread_.next_due()});
  if (next == time_point::max())
    return;
  auto at = timers_.need(next, now());
  if (!at)
    return;
  post_at(clock(), *at, handle_of(*this), bulkhead_tick{});
}

caf::result<caf::unit_t> bulkhead_actor::resize(const resize_bulkhead& what) {
  auto complaint = core_->with_table([&](permit_table& table, time_point at,
                                         auto& changed) {
    return table.resize(what.capacity, what.reserved_for_critical, at, changed);
  });
  if (complaint)
    return bad(*complaint);
  event told;
  told.kind = event_kind::bulkhead_resized;
  told.with("capacity", std::to_string(what.capacity))
    .with("reserved_for_critical", std::to_string(what.reserved_for_critical));
  core_->emit(std::move(told));
  return caf::unit;
}

caf::result<caf::unit_t> bulkhead_actor::isolate(isolation level, bool draining,
                                                 const std::string& reason) {
  if (level > isolation::all)
    return bad("isolate_bulkhead.level is "
               + std::to_string(static_cast<int>(level))
               + "; it must be none, background, normal or all");
  event told;
  told.kind = level == isolation::none ? event_kind::bulkhead_reopened
                                       : event_kind::bulkhead_isolated;
  told.reason = reason;
  if (level != isolation::none)
    told.with("turns_away", to_string(level));
  // Before the change, because one that is empty is told to be drained by it.
  core_->emit(std::move(told));
  core_->with_table([&](permit_table& table, time_point at, auto& changed) {
    changed = table.isolate(level, draining, at);
    return 0;
  });
  return caf::unit;
}

void bulkhead_actor::stop() {
  for (auto& [id, who] : waiters_)
    who.promise.deliver(
      make_error(errc::stopped, component() + ": was stopped"));
  waiters_.clear();
  core_->remove_source(source_);
  quit(caf::exit_reason::user_shutdown);
}

} // namespace bulwark::detail
