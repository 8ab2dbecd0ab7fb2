#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/events/detail/severity_rules.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

bulkhead_core::bulkhead_core(caf::actor_system& sys, std::string name,
                             const bulkhead_options& options, emitter events)
  : sys_(sys),
    name_(std::move(name)),
    events_(std::move(events)),
    fair_(options.fair),
    adapts_(options.adaptive.has_value()),
    rate_wait_(options.rate_wait),
    table_(options),
    counter_(table_.counter()) {
  if (options.rate && options.rate_per_tenant)
    keyed_rate_.emplace(*options.rate);
  else if (options.rate)
    rate_.emplace(*options.rate);
  for (const auto& [tenant, rate] : options.tenant_rates)
    tenant_rates_.try_emplace(tenant, rate);
}

void bulkhead_core::learn(duration latency, bool dropped) {
  with_table([&](permit_table& table, time_point at, auto& changed) {
    changed = table.learn({latency, counter_.use(), dropped}, at);
    return 0;
  });
}

shared_rate* bulkhead_core::rate_of(const std::string& tenant) noexcept {
  if (rate_)
    return &*rate_;
  auto known = tenant_rates_.find(tenant);
  return known == tenant_rates_.end() ? nullptr : &known->second;
}

rate_verdict bulkhead_core::begin(const std::string& tenant,
                                  duration wait_max) {
  wait_max = std::min(wait_max, rate_wait_);
  if (auto* rate = rate_of(tenant))
    return rate->reserve(now(), 1, wait_max);
  std::lock_guard guard{lock_};
  return keyed_rate_->reserve(tenant, now(), 1, wait_max);
}

void bulkhead_core::give_turn_back(const std::string& tenant) noexcept {
  if (auto* rate = rate_of(tenant))
    return rate->give_back();
  std::lock_guard guard{lock_};
  keyed_rate_->give_back(tenant);
}

time_point bulkhead_core::now() const {
  return sys_.clock().now();
}

consumer_account* bulkhead_core::lasting_account(const std::string& consumer) {
  std::lock_guard guard{lock_};
  return table_.account(consumer, true);
}

uint64_t bulkhead_core::add_source(std::function<void()> poke) {
  auto shared = std::make_shared<const std::function<void()>>(std::move(poke));
  std::lock_guard guard{lock_};
  pokes_.emplace(++sources_, std::move(shared));
  return sources_;
}

void bulkhead_core::remove_source(uint64_t source) {
  with_table([&](permit_table& table, time_point at, auto& changed) {
    pokes_.erase(source);
    changed = table.forget_source(source, at);
    return 0;
  });
}

permit_table::answer bulkhead_core::ask(permit_ticket who, bool behind) {
  return with_table([&](permit_table& table, time_point at, auto& changed) {
    who.since = at;
    return table.ask(who, behind, at, changed);
  });
}

void bulkhead_core::forget(permit_key key, permit_table::parting why) {
  with_table([&](permit_table& table, time_point at, auto& changed) {
    changed = table.forget(key, at, why);
    return 0;
  });
}

std::vector<std::pair<uint64_t, errc>>
bulkhead_core::take_refused(uint64_t source) {
  std::lock_guard guard{lock_};
  return table_.take_refused(source);
}

std::vector<permit_ticket> bulkhead_core::take_granted(uint64_t source) {
  std::lock_guard guard{lock_};
  return table_.take_granted(source);
}

void bulkhead_core::give(consumer_account& account, uint64_t amount,
                         uint64_t tenant) noexcept {
  try {
    if (fair_) {
      with_table([&](permit_table& table, time_point at, auto& changed) {
        changed = table.give(account.number, amount, tenant, at);
        return 0;
      });
      return;
    }
    // In this order: a budget that it gets after the look has nothing of this
    // in use.
    account.tally->gave(amount);
    auto given = counter_.give_unless(
      [&account] { return account.budgeted.load(std::memory_order_relaxed); },
      amount);
    if (!given || given->marked)
      with_table([&](permit_table& table, time_point at, auto& changed) {
        changed = given ? table.decide(at)
                        : table.gave(account.number, amount, tenant, at);
        return 0;
      });
    else if (!counter_.quiet(given->use))
      watch();
  } catch (...) {
    // Out of memory, after it was given back: whoever waits is served with the
    // next that comes back, or leaves at its limit.
  }
}

void bulkhead_core::watch() noexcept {
  finish({});
}

/// Crossings are told in whatever thread the use crosses: told later, a short
/// one would be missed.
void bulkhead_core::finish(const permit_table::sources& changed) noexcept {
  try {
    std::vector<std::shared_ptr<const std::function<void()>>> pokes;
    std::unique_lock guard{lock_};
    look();
    for (auto source : changed)
      if (auto known = pokes_.find(source); known != pokes_.end())
        pokes.push_back(known->second);
    tell_all(guard);
    guard.unlock();
    for (const auto& poke : pokes)
      (*poke)();
  } catch (...) {
    // Out of memory: whoever waits is served with the next that gives back, or
    // leaves at its limit.
  }
}

/// Whoever changes the use after the new bounds are set looks itself; who did
/// so before them may have found the old ones quiet, so look again.
void bulkhead_core::look() {
  for (int i = 0; i < looks_max && !counter_.quiet(counter_.use()); ++i) {
    auto crossed = table_.observe();
    for (size_t each = 0; each < crossed.count; ++each)
      untold_.push_back(event_of(crossed.all[each]));
    if (table_.drained()) {
      event what;
      what.kind = event_kind::bulkhead_drained;
      what.component = "bulkhead/" + name_;
      untold_.push_back(std::move(what));
    }
  }
}

/// In the order in which they happened: one thread at a time tells, without
/// the lock, also what others found meanwhile.
void bulkhead_core::tell_all(std::unique_lock<std::mutex>& guard) {
  if (telling_ || untold_.empty())
    return;
  telling_ = true;
  while (!untold_.empty()) {
    auto all = std::exchange(untold_, {});
    guard.unlock();
    for (auto& each : all)
      events_.emit(std::move(each));
    guard.lock();
  }
  telling_ = false;
}

uint64_t bulkhead_core::note_lease(const consumer_account& account,
                                   uint64_t amount) {
  std::lock_guard guard{leases_lock_};
  return leases_.add(account.number, amount, now());
}

void bulkhead_core::end_lease(uint64_t number) noexcept {
  std::lock_guard guard{leases_lock_};
  leases_.remove(number);
}

held_allocations bulkhead_core::list(std::vector<held_entry> held) const {
  {
    std::lock_guard guard{leases_lock_};
    leases_.append_to(held);
  }
  return read_table([&](const permit_table& table) {
    return list_held(name_, table, std::move(held), now(), events_.time());
  });
}

void bulkhead_core::emit(event what) const {
  what.component = "bulkhead/" + name_;
  if (what.level == severity::info)
    what.level = severity_of(what.kind);
  events_.emit(std::move(what));
}

event bulkhead_core::event_of(const threshold_crossing& crossed) const {
  event what;
  what.kind = event_kind::threshold_crossed;
  what.component = "bulkhead/" + name_;
  if (crossed.upward)
    what.level = std::string_view{crossed.threshold} == "critical"
                   ? severity::medium
                   : severity::low;
  what.with("threshold", crossed.threshold)
    .with("direction", crossed.upward ? "up" : "down")
    .with("use", std::to_string(crossed.use))
    .with("capacity", std::to_string(crossed.capacity));
  return what;
}

} // namespace bulwark::detail
