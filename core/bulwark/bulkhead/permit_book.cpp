#include <bulwark/bulkhead/permit_book.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

permit_book::permit_book(const bulkhead_options& options)
  : options_(options),
    counter_({0, 0}),
    queue_(options.queue, options.overflow, options.order),
    shares_(options.weights),
    watch_(options) {
  apply_limits();
  counter_.set_mark(slow());
}

bool permit_book::slow() const noexcept {
  return options_.fair || isolated_ != isolation::none || draining_;
}

void permit_book::apply_limits() {
  auto normal = options_.capacity - options_.reserved_for_critical;
  counter_.set_limits({normal, options_.capacity});
  auto quiet = watch_.quiet();
  // The end of a drain is a use of 0.
  counter_.set_quiet(draining_ ? std::max<uint64_t>(1, quiet.from) : quiet.from,
                     quiet.to);
}

/// What was set aside for a consumer it has first; the rest is charged.
bool permit_book::take(const permit_ticket& who) {
  auto& seat = seats_[who.consumer];
  if (seat.own + who.amount <= seat.allotted)
    seat.own += who.amount;
  else if (!counter_.take_slowly(who.amount, who.priority))
    return false;
  seat.use.fetch_add(who.amount, std::memory_order_relaxed);
  return true;
}

bool permit_book::at_once(const permit_ticket& who, bool behind,
                          time_point now) {
  if (behind || queue_.someone_before(who.priority))
    return false;
  if (options_.fair
      && !shares_.may_take(who.tenant, who.amount, options_.capacity, now))
    return false;
  return take(who);
}

permit_book::answer permit_book::turn_away(const permit_ticket& who, answer why,
                                           time_point now) {
  if (options_.mode == bulkhead_mode::shadow) {
    ++counts_.shadowed;
    counter_.take_over_limit(who.amount);
    seats_[who.consumer].use.fetch_add(who.amount, std::memory_order_relaxed);
    grant(who);
    return answer::granted;
  }
  if (options_.fair)
    shares_.wants(who.tenant, now);
  ++(why == answer::isolated ? counts_.isolated : counts_.refused);
  return why;
}

permit_book::answer permit_book::ask(const permit_ticket& who, bool behind,
                                     time_point now, sources& changed) {
  if (turns_away(isolated_, who.priority))
    return turn_away(who, answer::isolated, now);
  if (at_once(who, behind, now)) {
    grant(who);
    return answer::granted;
  }
  if (options_.mode == bulkhead_mode::shadow)
    return turn_away(who, answer::full, now);
  // What will never fit must not stop those behind it.
  if (who.amount > options_.capacity)
    return turn_away(who, answer::full, now);
  auto arrived = queue_.arrive(who);
  if (arrived.dropped) {
    ++counts_.dropped;
    refuse(*arrived.dropped, errc::bulkhead_full, changed);
  }
  if (!arrived.waits)
    return turn_away(who, answer::full, now);
  if (options_.fair)
    shares_.wants(who.tenant, now);
  // Something may have been given back before the mark was seen.
  counter_.set_mark(true);
  changed.merge(decide(now));
  return answer::waits;
}

void permit_book::grant(const permit_ticket& who) {
  ++counts_.granted;
  if (options_.fair)
    shares_.took(who.tenant, who.amount);
}

void permit_book::refuse(const permit_ticket& who, errc why, sources& changed) {
  verdicts_.insert_or_assign(who.key, verdict{who, why});
  changed.insert(who.key.source);
}

bool permit_book::grant_next(const permit_ticket* who, time_point now,
                             sources& changed) {
  if (who == nullptr || !take(*who))
    return false;
  auto granted = *queue_.remove(who->key);
  grant(granted);
  ++counts_.waited;
  waits_.record(now - granted.since);
  verdicts_.insert_or_assign(granted.key, verdict{granted, std::nullopt});
  changed.insert(granted.key.source);
  return true;
}

permit_book::sources permit_book::decide(time_point now) {
  sources changed;
  permit_queue::burden burden;
  if (options_.fair)
    burden = [this](uint64_t tenant) { return shares_.burden(tenant); };
  while (grant_next(queue_.next(burden), now, changed))
    ;
  if (queue_.empty())
    counter_.set_mark(slow());
  return changed;
}

permit_book::standing permit_book::of(permit_key key) const {
  if (queue_.waits(key))
    return standing::waits;
  auto known = verdicts_.find(key);
  return known != verdicts_.end() && !known->second.refused ? standing::granted
                                                            : standing::unknown;
}

bool permit_book::claim(permit_key key) {
  auto known = verdicts_.find(key);
  if (known == verdicts_.end() || known->second.refused)
    return false;
  verdicts_.erase(known);
  return true;
}

permit_book::sources permit_book::forget(permit_key key, time_point now) {
  if (auto ticket = queue_.remove(key)) {
    ++(ticket->expires <= now ? counts_.timeouts : counts_.withdrawn);
    // It may have been the one that did not fit.
    return decide(now);
  }
  auto known = verdicts_.find(key);
  if (known == verdicts_.end())
    return {};
  auto what = known->second;
  verdicts_.erase(known);
  if (what.refused)
    return {};
  return give(what.ticket.consumer, what.ticket.amount, what.ticket.tenant,
              now);
}

permit_book::sources permit_book::forget_source(uint64_t source,
                                                time_point now) {
  auto left = queue_.remove_if(
    [source](const auto& each) { return each.key.source == source; });
  counts_.withdrawn += left.size();
  take_refused(source);
  for (const auto& each : take_granted(source))
    give(each.consumer, each.amount, each.tenant, now);
  return decide(now);
}

std::vector<std::pair<uint64_t, errc>>
permit_book::take_refused(uint64_t source) {
  std::vector<std::pair<uint64_t, errc>> result;
  auto it = verdicts_.lower_bound({source, 0});
  while (it != verdicts_.end() && it->first.source == source) {
    if (!it->second.refused) {
      ++it;
      continue;
    }
    result.emplace_back(it->first.id, *it->second.refused);
    it = verdicts_.erase(it);
  }
  return result;
}

std::vector<permit_ticket> permit_book::take_granted(uint64_t source) {
  std::vector<permit_ticket> result;
  auto it = verdicts_.lower_bound({source, 0});
  while (it != verdicts_.end() && it->first.source == source) {
    if (it->second.refused) {
      ++it;
      continue;
    }
    result.push_back(it->second.ticket);
    it = verdicts_.erase(it);
  }
  return result;
}

permit_book::sources permit_book::expire(time_point now) {
  sources changed;
  for (const auto& each : queue_.expire(now)) {
    ++counts_.timeouts;
    refuse(each, errc::bulkhead_timeout, changed);
  }
  if (!changed.empty())
    changed.merge(decide(now));
  return changed;
}

permit_book::sources permit_book::give(uint32_t consumer, uint64_t amount,
                                       uint64_t tenant, time_point now) {
  auto& seat = seats_[consumer];
  auto before = seat.use.fetch_sub(amount, std::memory_order_relaxed);
  auto charged = std::min(amount, before - seat.own);
  seat.own -= amount - charged;
  counter_.give(charged);
  if (options_.fair)
    shares_.gave(tenant, amount);
  sources changed;
  // What is set aside for it goes to nobody else, whoever else waits longer.
  if (charged < amount)
    grant_next(queue_.first_of(consumer), now, changed);
  changed.merge(decide(now));
  return changed;
}

threshold_watch::crossings permit_book::observe() {
  auto result = watch_.observe(counter_.use());
  apply_limits();
  return result;
}

bool permit_book::drained() {
  if (!draining_ || counter_.use() > 0)
    return false;
  draining_ = false;
  apply_limits();
  return true;
}

} // namespace bulwark
