#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

std::optional<adaptive_limit> adapting(const bulkhead_options& options) {
  if (!options.adaptive)
    return std::nullopt;
  auto within = *options.adaptive;
  within.max = std::min<size_t>(within.max, options.capacity);
  within.min = std::min(within.min, within.max);
  within.initial = std::clamp(within.initial, within.min, within.max);
  return adaptive_limit{within};
}

} // namespace

permit_table::permit_table(const bulkhead_options& options)
  : options_(options),
    adaptive_(adapting(options)),
    counter_({0, 0}),
    shares_(options.weights),
    queue_(options, options.fair ? &shares_ : nullptr),
    watch_(options) {
  apply_limits();
  counter_.set_mark(slow());
}

bool permit_table::slow() const noexcept {
  return options_.fair || isolated_ != isolation::none || draining_;
}

uint64_t permit_table::limit() const noexcept {
  return adaptive_ ? adaptive_->limit() : options_.capacity;
}

uint64_t permit_table::limit_of(call_priority priority) const noexcept {
  auto all = limit();
  if (priority == call_priority::critical)
    return all;
  // A limit that adapts may be below what is reserved.
  return all - std::min(all - 1, options_.reserved_for_critical);
}

/// What is left of what was set aside for its consumer.
uint64_t permit_table::budget_of(const permit_ticket& who) const noexcept {
  const auto& account = accounts_[who.consumer];
  return account.allotted - account.own;
}

/// What it would get if nobody had anything.
uint64_t permit_table::most_for(const permit_ticket& who) const noexcept {
  auto limit = limit_of(who.priority);
  return accounts_[who.consumer].allotted + limit - std::min(limit, allotted_);
}

tenant_shares::room
permit_table::room_for(const permit_ticket& who) const noexcept {
  auto limit = limit_of(who.priority);
  auto budget = budget_of(who);
  return {limit - std::min(limit, idle_ - budget),
          limit - std::min(limit, counter_.use()) + budget};
}

void permit_table::apply_limits() {
  counter_.set_limits(
    {limit_of(call_priority::normal), limit_of(call_priority::critical)});
  apply_quiet();
}

void permit_table::apply_quiet() {
  auto quiet = watch_.quiet();
  // The end of a drain is that no more is charged than was set aside.
  counter_.set_quiet(draining_ ? std::max(idle_ + 1, quiet.from) : quiet.from,
                     quiet.to);
}

/// What was set aside for a consumer it has first; the rest is charged.
bool permit_table::take(const permit_ticket& who) {
  auto own = std::min(budget_of(who), who.amount);
  if (own < who.amount && !counter_.take_slowly(who.amount - own, who.priority))
    return false;
  auto& account = accounts_[who.consumer];
  account.own += own;
  idle_ -= own;
  account.booked += who.amount;
  return true;
}

bool permit_table::at_once(const permit_ticket& who, bool behind,
                           time_point now) {
  // Who waits for what is anybody's does not stand in the way of what is not.
  auto first = who.amount <= budget_of(who)
                 ? !queue_.someone_before(who.priority, who.consumer)
                 : !queue_.someone_before(who.priority);
  if (behind || !first)
    return false;
  if (options_.fair
      && !shares_.may_take(who.tenant, who.amount, room_for(who), now))
    return false;
  return take(who);
}

permit_table::answer permit_table::turn_away(const permit_ticket& who,
                                             answer why) {
  if (options_.mode == bulkhead_mode::shadow
      && counter_.take_over_limit(who.amount)) {
    ++counts_.shadowed;
    accounts_[who.consumer].booked += who.amount;
    grant(who);
    return answer::granted;
  }
  ++(why == answer::isolated ? counts_.isolated : counts_.refused);
  return why;
}

permit_table::answer permit_table::ask(const permit_ticket& who, bool behind,
                                       time_point now, sources& changed) {
  if (turns_away(isolated_, who.priority))
    return turn_away(who, answer::isolated);
  // What will never fit must not stop those behind it.
  if (who.amount > most_for(who))
    return turn_away(who, answer::full);
  if (at_once(who, behind, now)) {
    grant(who);
    // It has more now, so another tenant may be next.
    if (options_.fair && !queue_.empty())
      changed.merge(decide(now));
    return answer::granted;
  }
  if (options_.fair)
    shares_.wants(who.tenant, who.amount, room_for(who), now);
  if (options_.mode == bulkhead_mode::shadow)
    return turn_away(who, answer::full);
  auto arrived = queue_.arrive(who);
  if (arrived.dropped) {
    ++counts_.dropped;
    refuse(*arrived.dropped, errc::bulkhead_full, changed);
  }
  if (!arrived.waits)
    return turn_away(who, answer::full);
  touch(who.consumer);
  // Something may have been given back before the mark was seen.
  counter_.set_mark(true);
  changed.merge(decide(now));
  return answer::waits;
}

void permit_table::grant(const permit_ticket& who) {
  ++counts_.granted;
  if (!options_.fair)
    return;
  shares_.took(who.tenant, who.amount);
  queue_.changed(who.tenant);
}

/// Whoever is behind one that left may fit where that one did not.
void permit_table::touch(uint32_t consumer) {
  if (accounts_[consumer].allotted > 0)
    touched_.insert(consumer);
}

void permit_table::refuse(const permit_ticket& who, errc why,
                          sources& changed) {
  touch(who.consumer);
  verdicts_.insert_or_assign(who.key, verdict{who, why});
  changed.insert(who.key.source);
}

void permit_table::need_verdict() {
  if (!spare_verdict_.empty())
    return;
  std::map<permit_key, verdict> one;
  spare_verdict_ = one.extract(one.try_emplace(permit_key{}).first);
}

/// @pre its permits are taken, and there is memory for its verdict
void permit_table::serve(const permit_ticket& who, time_point now,
                         sources& changed) {
  auto granted = *queue_.serve(permit_key{who.key});
  spare_verdict_.key() = granted.key;
  spare_verdict_.mapped() = verdict{granted, std::nullopt};
  verdicts_.insert(std::move(spare_verdict_));
  ++counts_.waited;
  waits_.record(now - granted.since);
  changed.insert(granted.key.source);
  grant(granted);
}

bool permit_table::serve_next(time_point now, sources& changed) {
  const auto* who = queue_.next();
  if (who == nullptr)
    return false;
  need_verdict();
  if (!take(*who))
    return false;
  serve(*who, now, changed);
  return true;
}

/// What is set aside for a consumer goes to nobody else, whoever else waits
/// longer.
bool permit_table::serve_budgets(time_point now, sources& changed) {
  while (!touched_.empty()) {
    const auto* who = queue_.first_of(*touched_.begin());
    need_verdict();
    if (who != nullptr && who->amount <= budget_of(*who) && take(*who)) {
      serve(*who, now, changed);
      return true;
    }
    touched_.erase(touched_.begin());
  }
  return false;
}

permit_table::sources permit_table::decide(time_point now) {
  sources changed;
  try {
    while (serve_next(now, changed) || serve_budgets(now, changed))
      ;
  } catch (...) {
    // Out of memory.
  }
  if (queue_.empty())
    counter_.set_mark(slow());
  if (draining_)
    apply_quiet();
  return changed;
}

permit_table::sources permit_table::give(uint32_t consumer, uint64_t amount,
                                         uint64_t tenant, time_point now) {
  accounts_[consumer].booked -= amount;
  return gave(consumer, amount, tenant, now);
}

/// What was charged comes back first: what is set aside is there to be used.
permit_table::sources permit_table::gave(uint32_t consumer, uint64_t amount,
                                         uint64_t tenant, time_point now) {
  auto& account = accounts_[consumer];
  // Adding up what is in use takes time, and few have anything set aside.
  auto own =
    account.own == 0 ? 0 : account.own - std::min(account.own, account.use());
  own = std::min(own, amount);
  account.own -= own;
  idle_ += own;
  counter_.give(amount - own);
  touch(consumer);
  if (options_.fair) {
    shares_.gave(tenant, amount);
    queue_.changed(tenant);
  }
  return decide(now);
}

threshold_watch::crossings permit_table::observe() {
  auto result = watch_.observe(counter_.use());
  apply_quiet();
  return result;
}

bool permit_table::drained() {
  if (!draining_ || counter_.use() > idle_)
    return false;
  draining_ = false;
  counter_.set_mark(slow() || !queue_.empty());
  apply_quiet();
  return true;
}

} // namespace bulwark
