#include "simulation/observed.hpp"

#include <algorithm>

namespace test::sim {

using bulwark::child_state;

observed::observed(const plan& where)
  : where_(where),
    sightings_(where.nodes.size()),
    children_(where.nodes.size()),
    ranks_(where.nodes.size()),
    added_(where.nodes.size()),
    compartments_(where.bulkheads.begin(), where.bulkheads.end()),
    traffic_(where),
    disturbed_(where.services.size()) {
  for (size_t i = 0; i < where.nodes.size(); ++i) {
    sightings_[i].restart = where.nodes[i].restart;
    sightings_[i].limits = where.nodes[i].limits;
    ranks_[i] = next_rank_++;
    if (where.nodes[i].parent != none)
      children_[where.nodes[i].parent].push_back(i);
  }
}

const life* observed::find(size_t index, uint64_t incarnation) const {
  auto& lives = sightings_[index].lives;
  auto it = std::find_if(lives.rbegin(), lives.rend(), [=](auto& each) {
    return each.incarnation == incarnation;
  });
  return it != lives.rend() ? &*it : nullptr;
}

life* observed::find(size_t index, uint64_t incarnation) {
  const auto* self = this;
  return const_cast<life*>(self->find(index, incarnation));
}

void observed::on(const entry& what) {
  traffic_.on(what);
  note_disturbance(what);
  switch (what.what) {
  case fact::born:
    return on_born(what);
  case fact::threw:
  case fact::ended:
    return on_over(what);
  case fact::ready:
    // Too late where it is being stopped already.
    if (auto* it = find(what.node, what.incarnation);
        it != nullptr && !it->ready && !it->stopping) {
      it->ready = true;
      it->ready_at = what.at;
    }
    return;
  case fact::stuck:
    find(what.node, what.incarnation)->stuck_since = what.at;
    return;
  case fact::unstuck: {
    auto* it = find(what.node, what.incarnation);
    it->was_stuck = it->stuck(what.at);
    it->stuck_since.reset();
    it->back_since = what.at;
    return;
  }
  case fact::changed:
    return on_changed(what);
  case fact::ordered:
    return on_order(what);
  case fact::obeyed:
    return on_answer(what);
  case fact::steered:
    return compartments_[what.cause->bulkhead].order(*what.cause);
  case fact::heeded:
    return compartments_[what.cause->bulkhead].heed(what.refused);
  case fact::calm:
    calm_ = true;
    return;
  case fact::closing:
    closing_ = true;
    return;
  default:
    return;
  }
}

void observed::note_disturbance(const entry& what) {
  if (what.node == none || where_.nodes[what.node].service == none)
    return;
  constexpr fact harmless[] = {fact::handled, fact::done, fact::event};
  if (std::find(std::begin(harmless), std::end(harmless), what.what)
      == std::end(harmless))
    disturbed_[where_.nodes[what.node].service] = what.at;
}

bool observed::steady(size_t service, bulwark::time_point now) const {
  if (disturbed_[service] == now)
    return false;
  for (size_t i = 0; i < where_.nodes.size(); ++i)
    if (auto& it = where_.nodes[i]; !it.supervisor && it.service == service)
      for (auto& each : sightings_[i].lives)
        if (each.live() && (each.stuck_since || each.stopping))
          return false;
  return true;
}

bool observed::keeps_permits(size_t service, bulwark::time_point now) const {
  auto& limits = where_.services[service].gate;
  auto longest = limits.timeout + limits.grace + milliseconds{10};
  auto recent = [&](const life& it) {
    return (it.abandoned && now < it.abandoned_at + longest)
           || (it.back_since && now < *it.back_since + longest);
  };
  for (size_t i = 0; i < where_.nodes.size(); ++i)
    if (auto& it = where_.nodes[i]; !it.supervisor && it.service == service)
      for (auto& each : sightings_[i].lives)
        if (!each.over && recent(each))
          return true;
  return false;
}

bool observed::may_wait_for_rate(const parcel& what,
                                 bulwark::time_point now) const {
  auto index = where_.services[what.service].bulkhead;
  return index != none && where_.bulkheads[index].rate
         && now <= what.asked_at + where_.bulkheads[index].rate_wait
                     + milliseconds{2};
}

bool observed::waits_for_permit(const parcel& what,
                                bulwark::time_point now) const {
  if (what.is != parcel::state::waits || !what.request || what.what.key != 0
      || what.late || what.unsure || !steady(what.service, now)
      || may_wait_for_rate(what, now))
    return false;
  for (size_t i = 0; i < where_.nodes.size(); ++i)
    if (auto& it = where_.nodes[i]; !it.supervisor && it.service == what.service
                                    && sightings_[i].live()
                                    && sightings_[i].last()->up)
      return true;
  return false;
}

void observed::on_born(const entry& what) {
  auto& it = sightings_[what.node];
  life fresh;
  fresh.incarnation = what.incarnation;
  fresh.born = what.at;
  fresh.serial = ++births_;
  fresh.by_hand = it.starts > 0;
  it.lives.push_back(fresh);
  it.laid_off = false;
  auto& self = where_.nodes[what.node];
  if (!self.supervisor)
    return;
  // What a supervisor was given at run time goes with its incarnation.
  sightings_[what.node].limits = self.limits;
  for (auto child : children_[what.node]) {
    sightings_[child].restart = where_.nodes[child].restart;
    sightings_[child].laid_off = false;
    sightings_[child].orders = false;
    sightings_[child].state = child_state::stopped;
  }
}

void observed::on_over(const entry& what) {
  auto* it = find(what.node, what.incarnation);
  if (it == nullptr || it->over)
    return;
  it->over = true;
  it->over_at = what.at;
  it->threw = what.what == fact::threw;
  it->how = it->threw ? bulwark::exit_class::abnormal : what.how;
  it->gave_up = what.gave_up;
  it->left_by_rule = what.text.find("std::domain_error") == 0;
}

void observed::on_changed(const entry& what) {
  auto& seen = sightings_[what.node];
  seen.state = what.state;
  auto* it = find(what.node, what.incarnation);
  if (it == nullptr)
    return;
  if (what.state == child_state::up)
    it->up = true;
  else if (what.state == child_state::stopping)
    it->stopping = true;
  else if (what.state == child_state::abandoned) {
    it->abandoned = true;
    it->abandoned_at = what.at;
  } else if (what.state == child_state::stopped && seen.terminations > 0)
    seen.laid_off = true;
  if (what.state == child_state::abandoned && seen.terminations > 0)
    seen.laid_off = true;
}

void observed::on_order(const entry& what) {
  auto& it = sightings_[what.node];
  it.orders = true;
  switch (what.cause->what) {
  case verb::terminate:
    ++it.terminations;
    break;
  case verb::add:
    added_[what.node].push_back(next_rank_++);
    [[fallthrough]];
  case verb::restart:
    ++it.starts;
    break;
  default:
    break;
  }
}

void observed::on_added(const entry& what) {
  auto& orders = added_[what.node];
  // One that did not start is tried again, and one that was stopped meanwhile
  // is known; other refusals change nothing, and come before the answer to the
  // order that was obeyed.
  auto added = !what.refused || what.code == bulwark::errc::service_crashed
               || what.code == bulwark::errc::stopped;
  if (!added)
    return orders.pop_back();
  ranks_[what.node] = orders.front();
  orders.erase(orders.begin());
}

void observed::on_answer(const entry& what) {
  auto& it = sightings_[what.node];
  switch (what.cause->what) {
  case verb::terminate:
    --it.terminations;
    break;
  case verb::add:
    on_added(what);
    [[fallthrough]];
  case verb::restart:
    --it.starts;
    break;
  case verb::remove:
    if (!what.refused)
      it.laid_off = true;
    break;
  case verb::change_restart:
    if (!what.refused)
      it.restart = what.cause->restart;
    break;
  case verb::change_limits:
    if (!what.refused)
      it.limits = what.cause->limits;
    break;
  default:
    break;
  }
}

} // namespace test::sim
