#include "simulation/traffic.hpp"

namespace test::sim {

void traffic::on(const entry& what) {
  ++entries_;
  switch (what.what) {
  case fact::asked:
    return on_asked(what);
  case fact::handled: {
    auto& it = all_.at(what.message);
    it.is = parcel::state::runs;
    it.node = what.node;
    it.incarnation = what.incarnation;
    ++it.times;
    open_.emplace(it.name, &it);
    return;
  }
  case fact::done:
    if (auto& it = all_.at(what.message);
        it.node == what.node && it.incarnation == what.incarnation)
      close(it);
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
  fresh.given_up = what.at + limits.timeout + limits.grace;
  open_[what.message] =
    &all_.insert_or_assign(what.message, fresh).first->second;
}

/// That nobody waits for it any more says nothing of the work.
void traffic::on_answered(const entry& what) {
  auto& it = all_.at(what.message);
  it.answered = true;
  if (it.is == parcel::state::waits || what.code != bulwark::errc::timed_out)
    close(it);
}

/// What a replica had taken up ends with it, or is tried again.
void traffic::on_over(size_t node, uint64_t incarnation) {
  for (auto at = open_.begin(); at != open_.end();) {
    auto& it = all_.at((at++)->first);
    if (it.is != parcel::state::runs || it.node != node
        || it.incarnation != incarnation)
      continue;
    it.since = entries_;
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
      all_.at(name).late = true;
}

void traffic::close(parcel& what) {
  what.is = parcel::state::over;
  open_.erase(what.name);
}

} // namespace test::sim
