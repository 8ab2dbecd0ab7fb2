#include "simulation/traffic.hpp"

#include <algorithm>
#include <utility>

namespace test::sim {

void traffic::on(const entry& what) {
  ++entries_;
  cut_off_.clear();
  switch (what.what) {
  case fact::asked:
    return on_asked(what);
  case fact::handled: {
    auto& it = all_.at(what.message);
    it.is = parcel::state::runs;
    it.node = what.node;
    it.incarnation = what.incarnation;
    ++it.times;
    it.raising = false;
    it.threw = false;
    it.unsure = stopped_[it.service];
    open_.emplace(it.name, &it);
    return;
  }
  case fact::done:
    if (auto& it = all_.at(what.message);
        it.node == what.node && it.incarnation == what.incarnation)
      close(it);
    return;
  case fact::raised:
    return on_raised(what);
  case fact::acted:
    if (what.cause != nullptr && what.cause->what == verb::stop_gate)
      on_stopped(what.cause->service);
    return;
  case fact::closing:
    for (size_t i = 0; i < stopped_.size() && where_.gates_first; ++i)
      on_stopped(i);
    return;
  case fact::answered:
    return on_answered(what);
  case fact::threw:
  case fact::ended:
    return on_over(what.node, what.incarnation);
  case fact::changed:
    if (what.state == bulwark::child_state::abandoned)
      on_abandoned(what);
    return;
  default:
    return;
  }
}

/// Its client is the replica that asks, or that hands it on.
void traffic::join(parcel& part, parcel& whole) {
  // Its gate may have forgotten one that is over.
  if (part.asked_at < whole.deadline)
    part.deadline = std::min(part.deadline, whole.deadline);
  part.late = true;
  if (whole.what.kind == work_kind::hand_on)
    whole.unsure = true;
}

void traffic::on_asked(const entry& what) {
  parcel fresh;
  fresh.name = what.message;
  fresh.what = what.task;
  fresh.request = what.request;
  fresh.service = what.service;
  fresh.asked_at = what.at;
  fresh.asked = entries_;
  fresh.since = entries_;
  auto& limits = where_.services[what.service].gate;
  fresh.deadline = what.at + limits.timeout;
  if (fresh.part())
    join(fresh, all_.at(what.message.whole()));
  fresh.given_up = fresh.deadline + limits.grace;
  open_[what.message] =
    &all_.insert_or_assign(what.message, fresh).first->second;
}

/// That nobody waits for it any more says nothing of the work.
void traffic::on_answered(const entry& what) {
  auto& it = all_.at(what.message);
  it.answered = true;
  it.answered_at = what.at;
  if (it.is == parcel::state::waits || what.code != bulwark::errc::timed_out)
    close(it);
}

void traffic::on_raised(const entry& what) {
  auto& it = all_.at(what.message);
  ++it.raised;
  it.raising = true;
  // Where it is not resumed its replica ends, and it may be handled again.
  if (it.what.survives)
    close(it);
}

void traffic::on_stopped(size_t service) {
  stopped_[service] = true;
  for (auto& [name, it] : all_)
    if (it.service == service)
      it.unsure = true;
}

std::vector<const parcel*> traffic::parts_of(message_name whole) const {
  std::vector<const parcel*> result;
  for (auto at = all_.upper_bound(whole);
       at != all_.end() && at->first.whole() == whole; ++at)
    result.push_back(&at->second);
  return result;
}

/// What a replica had taken up ends with it, or is tried again.
void traffic::on_over(size_t node, uint64_t incarnation) {
  for (auto at = open_.begin(); at != open_.end();) {
    auto& it = all_.at((at++)->first);
    if (it.is != parcel::state::runs || it.node != node
        || it.incarnation != incarnation)
      continue;
    cut_off_.push_back(it.name);
    it.since = entries_;
    it.lost += it.raising ? 0 : 1;
    it.threw = std::exchange(it.raising, false);
    if (it.what.idempotent && !it.answered)
      it.is = parcel::state::waits;
    else
      close(it);
  }
}

void traffic::on_abandoned(const entry& what) {
  on_over(what.node, what.incarnation);
  auto service = where_.nodes[what.node].service;
  for (auto& [name, it] : open_)
    if (it->service == service && it->is == parcel::state::waits)
      all_.at(name).late = all_.at(name).behind = true;
}

void traffic::close(parcel& what) {
  what.is = parcel::state::over;
  open_.erase(what.name);
}

} // namespace test::sim
