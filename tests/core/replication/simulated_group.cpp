#include "core/replication/simulated_group.hpp"

#include <algorithm>

using namespace bulwark;
using namespace bulwark::detail;

namespace test {

simulated_group::simulated_group(const replication_options& options,
                                 size_t told_min)
  : options_(options),
    told_min_(told_min),
    members_(options.members.size(), simulated_member{options.log_max}) {}

// -- acts ---------------------------------------------------------------------

bool simulated_group::write(size_t which, const std::string& content) {
  auto& it = members_[which];
  if (!it.up || it.leads == 0
      || it.log.index().last().sequence - it.acknowledged->acknowledged()
           >= options_.unacknowledged_max)
    return false;
  append_own(which, entry_kind::change, content);
  return true;
}

void simulated_group::begin_attempt(size_t which) {
  auto& it = members_[which];
  if (!it.up)
    return;
  step_down(which);
  it.promised = next_epoch(std::max(it.promised, it.heard), which, size());
  it.log.promise(it.promised);
  it.attempt.emplace(size(), which, told_min_, it.promised,
                     it.log.index().last());
}

void simulated_group::ask(size_t which, size_t other) {
  if (members_[which].attempt)
    on_way.push_back(
      {which, other, kind::ask, members_[which].attempt->epoch()});
}

void simulated_group::decide(size_t which) {
  auto& it = members_[which];
  if (!it.attempt)
    return;
  it.heard = std::max(it.heard, it.attempt->largest_epoch());
  switch (it.attempt->decide(it.log.promised(), false)) {
  case promotion_verdict::lead:
    lead(which);
    break;
  case promotion_verdict::too_few:
    break;
  case promotion_verdict::another:
  case promotion_verdict::outbid:
    it.attempt.reset();
  }
}

void simulated_group::offer_last(size_t which, size_t other) {
  const auto& it = members_[which];
  if (it.up && it.leads > 0)
    send_entries(which, other, it.log.index().last().sequence, 1);
}

void simulated_group::lose(size_t which) {
  step_down(which);
  members_[which].up = false;
}

void simulated_group::come_back(size_t which) {
  auto& it = members_[which];
  if (it.up)
    return;
  it.up = true;
  it.heard = 0;
  auto kept = std::min(it.history.size(), options_.log_max);
  auto first = it.history.end() - static_cast<std::ptrdiff_t>(kept);
  log_index index{options_.log_max, first == it.history.begin()
                                      ? log_position{}
                                      : position_of(*(first - 1))};
  for (; first != it.history.end(); ++first)
    index.append(position_of(*first));
  it.log = {it.promised, index};
}

// -- what a member does -------------------------------------------------------

void simulated_group::store(size_t which, uint64_t epoch,
                            const log_entry& entry) {
  auto& it = members_[which];
  dropped += it.history.size() - (entry.sequence - 1);
  it.history.resize(entry.sequence - 1);
  it.history.push_back(entry);
  it.log.stored(epoch, position_of(entry));
  it.promised = it.log.promised();
}

void simulated_group::append_own(size_t which, entry_kind how,
                                 const std::string& content) {
  auto& it = members_[which];
  const auto& last = it.log.index().last();
  store(which, it.leads,
        {it.leads, last.sequence + 1, last.checksum, how, {}, {}, content});
  it.acknowledged->on_own(it.log.index());
  note_acknowledged(which);
}

void simulated_group::lead(size_t which) {
  auto& it = members_[which];
  auto epoch = it.attempt->epoch();
  it.attempt.reset();
  if (!leader_of_.emplace(epoch, which).second)
    broken_ = "two leaders of epoch " + std::to_string(epoch);
  if (!has_acknowledged_before(which, epoch))
    broken_ = "the primary of epoch " + std::to_string(epoch)
              + " lacks what was acknowledged";
  ++leaders;
  it.leads = epoch;
  it.acknowledged.emplace(epoch, size(), options_.acknowledgements);
  append_own(which, entry_kind::opening, {});
}

void simulated_group::step_down(size_t which) {
  auto& it = members_[which];
  it.attempt.reset();
  it.acknowledged.reset();
  it.leads = 0;
}

// One that was slow may lead in an epoch that is over; nobody follows it, and
// it need not have what was acknowledged in later ones.
bool simulated_group::has_acknowledged_before(size_t which,
                                              uint64_t epoch) const {
  const auto& history = members_[which].history;
  return std::all_of(
    acknowledged_.begin(), acknowledged_.end(), [&](const auto& each) {
      const auto& [sequence, entry] = each;
      return entry.by >= epoch
             || (sequence <= history.size()
                 && position_of(history[sequence - 1]) == entry.where);
    });
}

void simulated_group::note_acknowledged(size_t which) {
  const auto& it = members_[which];
  for (uint64_t i = 1; i <= it.acknowledged->acknowledged(); ++i) {
    auto where = position_of(it.history[i - 1]);
    auto known = acknowledged_.emplace(i, acknowledged_entry{where, it.leads});
    if (known.first->second.where != where)
      broken_ = "another entry was acknowledged there before";
  }
}

// -- letters ------------------------------------------------------------------

void simulated_group::deliver(const letter& what) {
  if (!members_[what.to].up)
    return;
  switch (what.what) {
  case kind::ask:
    return on_ask(what);
  case kind::told:
    return on_told(what);
  case kind::offer:
    return on_offer(what);
  case kind::snapshot:
    return on_snapshot(what);
  case kind::answer:
    return on_answer(what);
  }
}

void simulated_group::on_ask(const letter& what) {
  auto& it = members_[what.to];
  auto told = it.log.judge_ask(what.epoch);
  if (told.yes && what.epoch > it.promised) {
    it.promised = what.epoch;
    it.log.promise(what.epoch);
    step_down(what.to);
  }
  on_way.push_back({what.to, what.from, kind::told, what.epoch, {}, told});
}

void simulated_group::on_told(const letter& what) {
  auto& it = members_[what.to];
  it.heard = std::max(it.heard, what.told.promised);
  if (it.attempt)
    it.attempt->on_told(what.from, what.epoch, what.told);
}

void simulated_group::on_offer(const letter& what) {
  auto& it = members_[what.to];
  offer_answer answer;
  for (const auto& each : what.entries) {
    answer = it.log.judge(what.epoch, each);
    if (answer.verdict == offer_verdict::contradiction)
      broken_ = "two entries for one place in one epoch";
    if (answer.verdict == offer_verdict::have)
      continue;
    if (answer.verdict != offer_verdict::append
        && answer.verdict != offer_verdict::replace)
      break;
    if (what.epoch > it.promised)
      step_down(what.to);
    store(what.to, what.epoch, each);
  }
  reply(what, answer);
}

void simulated_group::on_snapshot(const letter& what) {
  auto& it = members_[what.to];
  auto where = position_of(what.entries.back());
  auto answer = it.log.judge_snapshot(what.epoch, where);
  if (answer.verdict == offer_verdict::replace) {
    if (what.epoch > it.promised)
      step_down(what.to);
    ++snapshots;
    it.history = what.entries;
    it.log.installed(what.epoch, where);
    it.promised = it.log.promised();
  }
  reply(what, answer);
}

void simulated_group::reply(const letter& to, const offer_answer& answer) {
  on_way.push_back({to.to, to.from, kind::answer, to.epoch, {}, {}, answer});
}

void simulated_group::on_answer(const letter& what) {
  auto& it = members_[what.to];
  it.heard = std::max(it.heard, what.answer.promised);
  if (it.leads == 0 || what.epoch != it.leads)
    return;
  if (what.answer.verdict == offer_verdict::fenced) {
    ++fenced;
    return step_down(what.to);
  }
  it.acknowledged->on_stored(what.from, what.answer.position, it.log.index());
  note_acknowledged(what.to);
  send_rest(what.to, what.from, what.answer);
}

void simulated_group::send_rest(size_t which, size_t other,
                                const offer_answer& answer) {
  const auto& it = members_[which];
  auto plan = plan_catch_up(it.log.index(), answer, options_.batch_max);
  if (plan.what == catch_up_plan::kind::entries)
    send_entries(which, other, plan.first, plan.count);
  else if (plan.what == catch_up_plan::kind::snapshot)
    on_way.push_back({which, other, kind::snapshot, it.leads, it.history});
}

void simulated_group::send_entries(size_t which, size_t other, uint64_t first,
                                   size_t count) {
  const auto& it = members_[which];
  auto begin = it.history.begin() + static_cast<std::ptrdiff_t>(first - 1);
  on_way.push_back({which,
                    other,
                    kind::offer,
                    it.leads,
                    {begin, begin + static_cast<std::ptrdiff_t>(count)}});
}

} // namespace test
