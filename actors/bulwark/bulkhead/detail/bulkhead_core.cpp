#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/severity_rules.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark::detail {

bulkhead_core::bulkhead_core(caf::actor_system& sys, std::string name,
                             const bulkhead_options& options, emitter events)
  : sys_(sys),
    name_(std::move(name)),
    events_(std::move(events)),
    fair_(options.fair),
    book_(options),
    counter_(book_.counter()) {}

time_point bulkhead_core::now() const {
  return sys_.clock().now();
}

consumer_seat* bulkhead_core::lasting_seat(const std::string& consumer) {
  std::lock_guard guard{lock_};
  return book_.seat(consumer, true);
}

uint64_t bulkhead_core::add_source(std::function<void()> poke) {
  auto shared = std::make_shared<const std::function<void()>>(std::move(poke));
  std::lock_guard guard{lock_};
  pokes_.emplace(++sources_, std::move(shared));
  return sources_;
}

void bulkhead_core::remove_source(uint64_t source) {
  with_book([&](permit_book& book, time_point at, auto& changed) {
    pokes_.erase(source);
    changed = book.forget_source(source, at);
    return 0;
  });
}

permit_book::answer bulkhead_core::ask(permit_ticket who, bool behind) {
  return with_book([&](permit_book& book, time_point at, auto& changed) {
    who.since = at;
    return book.ask(who, behind, at, changed);
  });
}

permit_book::standing bulkhead_core::standing_of(permit_key key) const {
  return read_book([&](const permit_book& book) { return book.of(key); });
}

bool bulkhead_core::claim(permit_key key) {
  std::lock_guard guard{lock_};
  return book_.claim(key);
}

void bulkhead_core::forget(permit_key key, permit_book::parting why) {
  with_book([&](permit_book& book, time_point at, auto& changed) {
    changed = book.forget(key, at, why);
    return 0;
  });
}

std::vector<std::pair<uint64_t, errc>>
bulkhead_core::take_refused(uint64_t source) {
  std::lock_guard guard{lock_};
  return book_.take_refused(source);
}

std::vector<permit_ticket> bulkhead_core::take_granted(uint64_t source) {
  std::lock_guard guard{lock_};
  return book_.take_granted(source);
}

void bulkhead_core::give(consumer_seat& seat, uint64_t amount,
                         uint64_t tenant) noexcept {
  try {
    if (fair_ || seat.budgeted.load(std::memory_order_relaxed)) {
      with_book([&](permit_book& book, time_point at, auto& changed) {
        changed = book.give(seat.number, amount, tenant, at);
        return 0;
      });
      return;
    }
    // A budget that it gets now changes nothing: what passed the fast lane was
    // charged, and comes back as that.
    seat.use.fetch_sub(amount, std::memory_order_relaxed);
    auto given = counter_.give(amount);
    if (given.marked)
      with_book([&](permit_book& book, time_point at, auto& changed) {
        changed = book.decide(at);
        return 0;
      });
    else if (!counter_.quiet(given.use))
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
void bulkhead_core::finish(const permit_book::sources& changed) noexcept {
  try {
    threshold_watch::crossings crossed;
    std::vector<std::shared_ptr<const std::function<void()>>> pokes;
    bool drained = false;
    {
      std::lock_guard guard{lock_};
      if (!counter_.quiet(counter_.use())) {
        crossed = book_.observe();
        drained = book_.drained();
      }
      for (auto source : changed)
        if (auto known = pokes_.find(source); known != pokes_.end())
          pokes.push_back(known->second);
    }
    for (size_t i = 0; i < crossed.count; ++i)
      tell(crossed.all[i]);
    if (drained) {
      event what;
      what.kind = event_kind::bulkhead_drained;
      emit(std::move(what));
    }
    for (const auto& poke : pokes)
      (*poke)();
  } catch (...) {
    // Out of memory: whoever waits is served with the next that gives back, or
    // leaves at its limit.
  }
}

void bulkhead_core::emit(event what) const {
  what.component = "bulkhead/" + name_;
  if (what.level == severity::info)
    what.level = severity_of(what.kind);
  events_.emit(std::move(what));
}

void bulkhead_core::tell(const threshold_crossing& crossed) const {
  event what;
  what.kind = event_kind::threshold_crossed;
  if (crossed.upward)
    what.level = std::string_view{crossed.threshold} == "critical"
                   ? severity::medium
                   : severity::low;
  what.with("threshold", crossed.threshold)
    .with("direction", crossed.upward ? "up" : "down")
    .with("use", std::to_string(crossed.use))
    .with("capacity", std::to_string(crossed.capacity));
  what.component = "bulkhead/" + name_;
  events_.emit(std::move(what));
}

} // namespace bulwark::detail
