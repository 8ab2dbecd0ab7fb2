#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/bulkhead/detail/bulkhead_actor.hpp>
#include <bulwark/bulkhead/detail/bulkhead_error.hpp>
#include <bulwark/bulkhead/detail/bulkhead_tick.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_cast.hpp>
#include <caf/to_string.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

constexpr size_t consumer_name_max = 64;

std::optional<std::string> complaint_about(const acquire_permits& what) {
  using namespace option_checks;
  return first_of(within("acquire_permits.amount", what.amount, 1,
                         bulkhead_options::capacity_max),
                  within("acquire_permits.priority",
                         static_cast<uint64_t>(what.priority), 0,
                         call_priorities - 1),
                  within("the length of acquire_permits.consumer",
                         uint64_t{what.consumer.size()}, 0, consumer_name_max),
                  not_negative("acquire_permits.wait", what.wait),
                  not_negative("acquire_permits.lease", what.lease));
}

} // namespace

bulkhead_actor::bulkhead_actor(caf::actor_config& config,
                               std::shared_ptr<bulkhead_core> core,
                               emitter events)
  : system_actor(config, "bulkhead/" + core->name(), std::move(events)),
    core_(std::move(core)) {
  auto self = weak_handle_of(*this);
  source_ = core_->add_source([self] { post(self, nullptr, poke{}); });
}

caf::behavior bulkhead_actor::make_behavior() {
  return {
    [this](const acquire_permits& what) { return acquire(what); },
    [this](const release_permits& what) { return release(what); },
    [this](const renew_permits& what) { return renew(what); },
    [this](const bulkhead_stats_request&) {
      return core_->read_table([this](const permit_table& table) {
        return stats_of(core_->name(), table);
      });
    },
    [this](const held_allocations_request&) {
      std::vector<held_entry> held;
      holdings_.append_to(held);
      return core_->list(std::move(held));
    },
    [this](const resize_bulkhead& what) { return resize(what); },
    [this](const isolate_bulkhead& what) {
      return isolate(what.level, false, what.reason);
    },
    [this](const drain_bulkhead& what) {
      return isolate(isolation::all, true, what.reason);
    },
    [this](poke) { fetch(); },
    [this](bulkhead_tick) { on_tick(); },
    [this](permit_dropped what) {
      if (auto unread = unread_.take_back(what.id))
        come_back(*unread);
    },
    [this](const actor_ended& what) { on_down(what); },
    [this](stop_actor) { stop(); },
  };
}

caf::error bulkhead_actor::refusal(errc why) const {
  return bulkhead_error(why, component(), *core_);
}

caf::error bulkhead_actor::bad(const std::string& complaint) const {
  return make_error(errc::invalid_option, component() + ": " + complaint);
}

caf::result<caf::message> bulkhead_actor::acquire(const acquire_permits& what) {
  auto who = current_sender();
  if (!who)
    return bad("acquire_permits has no sender; permits need an owner");
  if (auto complaint = complaint_about(what))
    return bad(*complaint);
  // Not kept waiting: whoever acquires by hand tries again when it likes.
  if (core_->rated() && !core_->begin(what.tenant, duration::zero()).granted)
    return refusal(errc::rate_limited);
  auto consumer = what.consumer.empty() ? caf::to_string(who) : what.consumer;
  permit_ticket ticket;
  ticket.key = {source_, ++ids_};
  ticket.amount = what.amount;
  ticket.priority = what.priority;
  ticket.tenant = tenant_shares::id_of(what.tenant);
  auto known = true;
  auto answer = core_->with_table([&](permit_table& table, time_point at,
                                      auto& changed) {
    auto* account = table.account(consumer, false);
    known = account != nullptr;
    if (!known)
      return permit_table::answer::full;
    auto longest = table.options().queue_timeout;
    ticket.consumer = account->number;
    ticket.since = at;
    ticket.expires =
      at
      + (what.wait > duration::zero() ? std::min(what.wait, longest) : longest);
    return table.ask(ticket, false, at, changed);
  });
  if (!known || answer == permit_table::answer::full
      || answer == permit_table::answer::isolated)
    give_turn_back(what.tenant);
  if (!known)
    return make_error(errc::too_many_requests,
                      component() + ": has too many consumers");
  if (answer == permit_table::answer::full)
    return refusal(errc::bulkhead_full);
  if (answer == permit_table::answer::isolated)
    return refusal(errc::bulkhead_isolated);
  auto owner = holder_of(who);
  if (answer == permit_table::answer::granted)
    return hold(ticket, owner, what.lease);
  auto promise = make_response_promise();
  waiters_.emplace(ticket.key.id, waiter{promise, owner, ticket.consumer,
                                         what.lease, what.tenant});
  ++holders_[owner].waiting;
  set_timer();
  return promise;
}

uint64_t bulkhead_actor::holder_of(const caf::strong_actor_ptr& who) {
  auto addr = caf::actor_cast<caf::actor_addr>(who);
  auto known = numbers_.find(addr);
  if (known != numbers_.end())
    return known->second;
  auto number = ++ids_;
  numbers_.emplace(addr, number);
  holders_.emplace(number, holder{addr});
  watch_end(addr, address());
  return number;
}

void bulkhead_actor::forget_if_idle(uint64_t number) {
  auto known = holders_.find(number);
  if (known == holders_.end() || known->second.waiting > 0
      || holdings_.holds_any(number))
    return;
  unwatch_end(known->second.who, address());
  numbers_.erase(known->second.who);
  holders_.erase(known);
}

caf::message bulkhead_actor::hold(const permit_ticket& ticket, uint64_t owner,
                                  duration lease) {
  permit_holdings::holding held;
  held.id = ticket.key.id;
  held.holder = owner;
  held.consumer = ticket.consumer;
  held.amount = ticket.amount;
  held.tenant = static_cast<uint32_t>(ticket.tenant);
  held.since = now();
  if (lease > duration::zero())
    held.lease_until = held.since + lease;
  holdings_.add(held);
  auto grant = std::make_shared<permit_grant>();
  unread_.add({held.id, owner, now() + permit_unread_max, grant});
  set_timer();
  return make_permit_answer({core_->name(), held.id, held.amount},
                            std::move(grant), weak_handle_of(*this));
}

/// What its holder has not read comes back.
std::optional<permit_holdings::holding>
bulkhead_actor::come_back(const unread_grants::entry& what) {
  auto held = holdings_.release(what.holder, what.id, 0);
  if (held) {
    give(*held);
    forget_if_idle(held->holder);
  }
  return held;
}

void bulkhead_actor::give_turn_back(const std::string& tenant) {
  if (core_->rated())
    core_->give_turn_back(tenant);
}

void bulkhead_actor::give(const permit_holdings::holding& what) {
  unread_.forget(what.id);
  core_->with_table([&](permit_table& table, time_point at, auto& changed) {
    changed = table.give(what.consumer, what.amount, what.tenant, at);
    return 0;
  });
}

caf::result<caf::unit_t> bulkhead_actor::release(const release_permits& what) {
  auto who = caf::actor_cast<caf::actor_addr>(current_sender());
  auto known = numbers_.find(who);
  auto given = known == numbers_.end()
                 ? std::nullopt
                 : holdings_.release(known->second, what.id, what.amount);
  if (!given)
    return make_error(errc::not_held,
                      component() + ": release_permits of "
                        + std::to_string(what.amount) + " from permit "
                        + std::to_string(what.id)
                        + "; the sender does not hold so much under it");
  give(*given);
  forget_if_idle(given->holder);
  return caf::unit;
}

caf::result<caf::unit_t> bulkhead_actor::renew(const renew_permits& what) {
  if (auto why = option_checks::positive("renew_permits.lease", what.lease))
    return bad(*why);
  auto who = caf::actor_cast<caf::actor_addr>(current_sender());
  auto known = numbers_.find(who);
  if (known == numbers_.end()
      || !holdings_.renew(known->second, what.id, now() + what.lease))
    return make_error(errc::not_held, component() + ": renew_permits of permit "
                                        + std::to_string(what.id)
                                        + "; the sender does not hold it");
  set_timer();
  return caf::unit;
}

} // namespace bulwark::detail
