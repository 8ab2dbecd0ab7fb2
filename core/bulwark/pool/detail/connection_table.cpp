#include <bulwark/pool/detail/connection_table.hpp>

#include <algorithm>

namespace bulwark {

connection_table::connection_table(connection_options options,
                                   bool can_interrupt)
  : options_(std::move(options)), can_interrupt_(can_interrupt) {}

connection_steps connection_table::want(uint64_t id, time_point deadline,
                                        time_point now) {
  if (stopped_) {
    add(connection_action::refuse_stopped, 0, id);
    return take();
  }
  wants_.push_back({id, deadline});
  serve(now);
  refuse_hopeless(now);
  return take();
}

bool connection_table::withdraw(uint64_t id) {
  return std::erase_if(wants_, [id](auto& each) { return each.id == id; }) > 0;
}

connection_steps connection_table::opened(uint64_t id, time_point now,
                                          double chance) {
  auto at = entries_.find(id);
  if (at == entries_.end() || at->second.at != place::opening)
    return take();
  ++totals_.opened;
  if (std::exchange(failures_, 0) > 0)
    add(connection_action::report_restored, id);
  auto& e = at->second;
  auto share = 1.0 - options_.age_jitter * std::clamp(chance, 0.0, 1.0);
  auto age = static_cast<double>(options_.age_max.count()) * share;
  e.expires = now + duration{static_cast<duration::rep>(age)};
  if (stopped_)
    begin(connection_action::close, id, e, place::closing, now);
  else
    make_idle(id, e, now);
  serve(now);
  return take();
}

connection_steps connection_table::open_failed(uint64_t id, time_point now,
                                               double chance) {
  auto at = entries_.find(id);
  if (at == entries_.end() || at->second.at != place::opening)
    return take();
  auto counted = at->second.told;
  --counts_[static_cast<size_t>(place::opening)];
  entries_.erase(at);
  if (!counted)
    failed(id, now, chance);
  serve(now);
  refuse_hopeless(now);
  return take();
}

connection_steps connection_table::validated(uint64_t id, bool works,
                                             time_point now) {
  auto at = entries_.find(id);
  if (at == entries_.end() || at->second.at != place::validating)
    return take();
  auto& e = at->second;
  if (!works) {
    // What its last user did to it says nothing of the others.
    auto alone = e.about == doubt::own;
    discard(id, e, now);
    if (!alone)
      flush_idle(now);
  } else if (stopped_) {
    begin(connection_action::close, id, e, place::closing, now);
  } else {
    e.about = doubt::none;
    make_idle(id, e, now);
  }
  serve(now);
  return take();
}

connection_steps connection_table::closed(uint64_t id, time_point now) {
  auto at = entries_.find(id);
  if (at == entries_.end()
      || (at->second.at != place::closing
          && at->second.at != place::interrupted))
    return take();
  --counts_[static_cast<size_t>(at->second.at)];
  entries_.erase(at);
  serve(now);
  return take();
}

connection_steps connection_table::came_back(uint64_t id, time_point now) {
  if (abandoned_.erase(id) > 0)
    serve(now);
  return take();
}

connection_steps connection_table::give_back(uint64_t id,
                                             connection_verdict verdict,
                                             time_point now) {
  auto at = entries_.find(id);
  if (at == entries_.end())
    return take();
  auto& e = at->second;
  if (e.at == place::doomed) {
    begin(connection_action::close, id, e, place::closing, now);
  } else if (e.at != place::leased) {
    return take();
  } else if (verdict == connection_verdict::broken) {
    discard(id, e, now);
    for (auto other : idle_)
      entries_[other].about = doubt::shared;
  } else if (stopped_ || e.expires <= now) {
    begin(connection_action::close, id, e, place::closing, now);
  } else {
    e.about = verdict == connection_verdict::suspect ? doubt::own : doubt::none;
    make_idle(id, e, now);
  }
  serve(now);
  return take();
}

connection_steps connection_table::take_back(uint64_t id, time_point now) {
  auto at = entries_.find(id);
  if (at != entries_.end() && at->second.at == place::leased)
    revoke(id, at->second, now);
  serve(now);
  return take();
}

connection_steps connection_table::stop(time_point now) {
  if (std::exchange(stopped_, true))
    return take();
  for (auto& each : std::exchange(wants_, {}))
    add(connection_action::refuse_stopped, 0, each.id);
  flush_idle(now);
  return take();
}

connection_steps connection_table::tick(time_point now, double chance) {
  look_at_jobs(now, chance);
  look_at_idle(now);
  look_at_leases(now);
  refuse_late(now);
  serve(now);
  refuse_hopeless(now);
  return take();
}

std::optional<time_point> connection_table::next_due() const {
  std::optional<time_point> result;
  auto consider = [&result](std::optional<time_point> due) {
    if (due && (!result || *due < *result))
      result = due;
  };
  for (auto& [id, e] : entries_)
    consider(due_of(e));
  for (auto& each : wants_)
    consider(each.deadline);
  if (failures_ > 0 && count(place::opening) == 0
      && entries_.size() < options_.max && is_short())
    consider(next_attempt());
  return result;
}

connection_counts connection_table::counts() const {
  auto result = totals_;
  result.idle = count(place::idle);
  result.leased = count(place::leased);
  result.opening = count(place::opening);
  result.validating = count(place::validating);
  result.closing =
    count(place::closing) + count(place::interrupted) + count(place::doomed);
  result.abandoned = abandoned_.size();
  result.waiting = wants_.size();
  return result;
}

} // namespace bulwark
