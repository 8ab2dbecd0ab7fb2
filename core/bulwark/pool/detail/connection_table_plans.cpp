#include <bulwark/pool/detail/connection_table.hpp>
#include <bulwark/supervision/detail/backoff.hpp>

#include <algorithm>

namespace bulwark {

void connection_table::add(connection_action action, uint64_t connection,
                           uint64_t want) {
  steps_.push_back({action, connection, want});
}

void connection_table::move(uint64_t id, entry& e, place to, time_point now) {
  if (e.at == place::idle)
    std::erase(idle_, id);
  --counts_[static_cast<size_t>(e.at)];
  ++counts_[static_cast<size_t>(to)];
  e.at = to;
  e.since = now;
  e.told = false;
}

void connection_table::begin(connection_action what, uint64_t id, entry& e,
                             place to, time_point now) {
  move(id, e, to, now);
  add(what, id);
}

void connection_table::make_idle(uint64_t id, entry& e, time_point now) {
  move(id, e, place::idle, now);
  idle_.push_back(id);
}

void connection_table::discard(uint64_t id, entry& e, time_point now) {
  ++totals_.discarded;
  begin(connection_action::close, id, e, place::closing, now);
}

void connection_table::failed(uint64_t id, time_point now, double chance) {
  ++totals_.open_failures;
  if (failures_ == 0)
    add(connection_action::report_lost, id);
  restart_options series{.initial = options_.backoff_initial,
                         .max = options_.backoff_max,
                         .jitter = options_.backoff_jitter};
  retry_at_ = now + backoff_delay(series, failures_, chance);
  series.initial = std::max(series.initial, options_.probe_after);
  series.max = series.initial;
  probe_at_ = std::min(retry_at_, now + backoff_delay(series, 0, chance));
  if (failures_ < UINT32_MAX)
    ++failures_;
}

void connection_table::flush_idle(time_point now) {
  for (auto id : std::vector<uint64_t>{idle_})
    begin(connection_action::close, id, entries_[id], place::closing, now);
}

void connection_table::revoke(uint64_t id, entry& e, time_point now) {
  ++totals_.taken_back;
  add(connection_action::report_taken_back, id, e.want);
  if (can_interrupt_)
    begin(connection_action::interrupt, id, e, place::interrupted, now);
  else
    move(id, e, place::doomed, now);
}

void connection_table::overdue(entries::iterator at, time_point now,
                               double chance) {
  auto& [id, e] = *at;
  if (e.at == place::opening && !e.told)
    failed(id, now, chance);
  e.told = true;
  // As many threads are lost as may be: it keeps its place until it ends.
  if (abandoned_.size() >= options_.abandoned_max)
    return;
  if (e.at == place::validating) {
    ++totals_.discarded;
    flush_idle(now);
  }
  add(connection_action::abandon, id);
  abandoned_.insert(id);
  --counts_[static_cast<size_t>(e.at)];
  entries_.erase(at);
}

void connection_table::look_at_jobs(time_point now, double chance) {
  for (auto at = entries_.begin(); at != entries_.end();) {
    auto here = at++;
    auto limit = limit_of(here->second.at);
    if (limit > duration::zero() && here->second.since + limit <= now)
      overdue(here, now, chance);
  }
}

void connection_table::look_at_idle(time_point now) {
  for (auto id : std::vector<uint64_t>{idle_}) {
    auto& e = entries_[id];
    auto spare = e.since + options_.idle_max <= now && live() > options_.min;
    if (spare || e.expires <= now)
      begin(connection_action::close, id, e, place::closing, now);
  }
}

void connection_table::look_at_leases(time_point now) {
  auto passed = [now](const entry& e, duration limit) {
    return limit > duration::zero() && e.since + limit <= now;
  };
  for (auto& [id, e] : entries_) {
    if (e.at != place::leased)
      continue;
    if (!e.told && passed(e, options_.leak_after)) {
      e.told = true;
      ++totals_.leaks;
      add(connection_action::report_leak, id, e.want);
    }
    if (passed(e, options_.take_back_after))
      revoke(id, e, now);
  }
}

/// While nobody uses a connection and none can be opened, that is why the wait
/// was in vain.
void connection_table::refuse_late(time_point now) {
  auto why = failures_ > 0 && count(place::leased) == 0
               ? connection_action::refuse_failed
               : connection_action::refuse_late;
  std::erase_if(wants_, [&](auto& each) {
    if (each.deadline > now)
      return false;
    add(why, 0, each.id);
    return true;
  });
}

void connection_table::refuse_hopeless(time_point now) {
  auto hope = count(place::leased) + count(place::idle)
              + coming(place::validating) + coming(place::opening);
  if (failures_ == 0 || hope > 0)
    return;
  // An attempt that hangs and could not be abandoned may hang for ever.
  auto stuck = count(place::opening) > 0;
  std::erase_if(wants_, [&](auto& each) {
    if (!stuck && (may_open(now) || probe_at_ < each.deadline))
      return false;
    add(connection_action::refuse_failed, 0, each.id);
    return true;
  });
}

void connection_table::serve(time_point now) {
  while (!idle_.empty() && wants_.size() > coming(place::validating)) {
    auto id = idle_.back();
    auto& e = entries_[id];
    if (e.expires <= now) {
      begin(connection_action::close, id, e, place::closing, now);
    } else if (needs_validation(e, now)) {
      begin(connection_action::validate, id, e, place::validating, now);
    } else {
      e.want = wants_.front().id;
      wants_.pop_front();
      move(id, e, place::leased, now);
      add(connection_action::give, id, e.want);
    }
  }
  open_more(now);
}

void connection_table::open_more(time_point now) {
  while (may_open(now)) {
    auto id = next_++;
    auto& e = entries_[id];
    e.since = now;
    ++counts_[static_cast<size_t>(place::opening)];
    add(connection_action::open, id);
  }
}

bool connection_table::may_open(time_point now) const {
  auto opening = count(place::opening);
  auto limit = failures_ > 0 ? 1 : options_.opening_max;
  if (entries_.size() >= options_.max || opening >= limit
      || (failures_ > 0 && now < next_attempt()))
    return false;
  return is_short();
}

time_point connection_table::next_attempt() const {
  auto in_a_hurry =
    std::any_of(wants_.begin(), wants_.end(), [this](const auto& each) {
      return each.deadline <= retry_at_;
    });
  return in_a_hurry ? probe_at_ : retry_at_;
}

bool connection_table::is_short() const {
  auto opening = coming(place::opening);
  auto on_the_way = opening + coming(place::validating);
  // Also without anybody asking it is found out when the server is back.
  return !stopped_
         && (wants_.size() > on_the_way || live() < options_.min
             || (failures_ > 0 && opening == 0));
}

size_t connection_table::coming(place at) const {
  auto on_time = [at](const auto& each) {
    return each.second.at == at && !each.second.told;
  };
  return static_cast<size_t>(
    std::count_if(entries_.begin(), entries_.end(), on_time));
}

bool connection_table::needs_validation(const entry& e, time_point now) const {
  return e.about != doubt::none || e.since + options_.validate_after < now;
}

size_t connection_table::live() const {
  return count(place::opening) + count(place::idle) + count(place::validating)
         + count(place::leased);
}

duration connection_table::limit_of(place at) const {
  switch (at) {
  case place::opening:
    return options_.open_timeout;
  case place::validating:
    return options_.validate_timeout;
  case place::closing:
  case place::interrupted:
    return options_.close_timeout;
  default:
    return duration::zero();
  }
}

std::optional<time_point> connection_table::due_of(const entry& e) const {
  if (auto limit = limit_of(e.at); limit > duration::zero()) {
    // One that is told already waits for a thread to come back.
    if (e.told && abandoned_.size() >= options_.abandoned_max)
      return std::nullopt;
    return e.since + limit;
  }
  if (e.at == place::idle)
    return live() > options_.min
             ? std::min(e.expires, e.since + options_.idle_max)
             : e.expires;
  if (e.at != place::leased)
    return std::nullopt;
  auto limit = options_.take_back_after;
  if (!e.told && options_.leak_after > duration::zero()
      && (limit == duration::zero() || options_.leak_after < limit))
    limit = options_.leak_after;
  if (limit == duration::zero())
    return std::nullopt;
  return e.since + limit;
}

} // namespace bulwark
