#include <bulwark/gate/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// Nothing where the owner has more than one request, or none.
template <class Table>
std::optional<pending_id> only_one_of(Table& pending, pending_owner owner) {
  std::optional<pending_id> result;
  size_t count = 0;
  pending.for_each([&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner != owner || word.state != pending_state::active)
      return;
    result = id;
    ++count;
  });
  return count == 1 ? result : std::nullopt;
}

} // namespace

bool gate_core::tracks(const element& what) const {
  return !is_response(what) && tracked_id(what) && visits_next(what, stage_);
}

void gate_core::begin_death(uint8_t index, uint64_t incarnation) {
  auto& it = slots_[index];
  {
    std::lock_guard guard{lock_};
    if (it.dead.load(std::memory_order_relaxed) >= incarnation)
      return; // Abandoned earlier: nobody forwards to it any more.
    it.dead.store(incarnation, std::memory_order_relaxed);
    if (it.incarnation != incarnation)
      return; // Died before the gate opened it.
    close_locked(it);
  }
  await_unheld(it);
  let_go(it, incarnation);
}

/// All in one, so that what arrives meanwhile comes behind.
bool gate_core::wait_again(replica_end& end, element_chain waiting,
                           int64_t latest, element_chain& gone) {
  auto owner = end.owner();
  pending_word from{0, owner, pending_state::active};
  element_chain kept;
  std::lock_guard guard{lock_};
  while (auto what = waiting.pop_front()) {
    auto id = tracked_id(*what);
    if (!id || !pending_.live(*id)) {
      gone.push_back(std::move(what));
      continue;
    }
    auto deadline =
      pending_.payload(*id).deadline.load(std::memory_order_relaxed);
    if (!pending_.restamp(*id, from, waiting_word,
                          std::min(deadline, latest))) {
      gone.push_back(std::move(what));
      continue;
    }
    slots_[owner.slot].door.work_back();
    if (permits_ && slot_bank::is_local(owner))
      permits_->owe(request_for(*id));
    if (has_flag(*what, keyed_bit))
      keys_.back(*id);
    kept.push_back(std::move(what));
  }
  // What the dead one was at is older than what it had not come to.
  if (end.blames_the_only_one)
    end.blamed = only_one_of(pending_, owner);
  if (end.how == replica_end::kind::dies)
    kept.prepend(reclaim(end, latest));
  stash_.give_back(std::move(kept));
  return !stash_.empty();
}

size_t gate_core::hand_back(replica_end& end, element_chain waiting,
                            run_context eu) {
  auto owner = end.owner();
  auto now = clock_.now();
  auto latest = (now + options_.stash_wait).time_since_epoch().count();
  element_chain gone;
  bool any = wait_again(end, std::move(waiting), latest, gone);
  // Given up on long ago, never let in by this gate, or answered at its
  // deadline and not to be handled any more.
  while (auto what = gone.pop_front())
    if (auto id = tracked_id(*what))
      if (auto won = pending_.take(*id, owner);
          won.what == table::outcome::late)
        release(*id, won);
  pay_debts();
  if (any)
    look_after_waiting(eu);
  size_t taken_up = 0;
  pending_.for_each([&](pending_id, const pending_word& word, int64_t) {
    taken_up += word.owner == owner && word.state == pending_state::active;
  });
  return taken_up;
}

/// Something waits that did not: for its time, and for whoever is up.
void gate_core::look_after_waiting(run_context eu) {
  bool others_open = false;
  {
    std::lock_guard guard{lock_};
    others_open = open_replicas_ + open_peers_ > 0;
  }
  // The tick finds out what is due when.
  arm(clock_.now().time_since_epoch().count());
  if (others_open)
    poke_gate();
  else
    answer_hopeless(eu);
}

bool gate_core::owes_answers(uint8_t index, uint64_t incarnation) {
  pending_owner owner{index, static_cast<uint16_t>(incarnation)};
  bool found = false;
  pending_.for_each([&](pending_id, const pending_word& word, int64_t) {
    found |= word.owner == owner && word.state == pending_state::active;
  });
  return found;
}

/// Where clients may hope for another replica, or node, the service has not
/// stopped.
void gate_core::finish_death(const replica_end& end, const caf::error& reason,
                             run_context eu) {
  auto alone = [&] {
    std::lock_guard guard{lock_};
    auto others = open_peers_ > 0 || expected_peers_.may_come(clock_.now());
    for (size_t i = 0; i < slots_.replicas(); ++i)
      others |= i != end.index && slots_[i].view == expected_state::coming;
    return !others;
  };
  auto crashed = try_make(
    [&] { return make_error(errc::service_crashed, describe(reason)); });
  auto others = end.node_lost             ? gate_reason{reason}
                : end.for_good && alone() ? gate_reason{errc::stopped}
                                          : gate_reason{errc::replica_lost};
  sweep(end, {crashed, errc::service_crashed}, others, eu);
}

void gate_core::fail(pending_id id, std::optional<pending_owner> only,
                     gate_reason why, run_context eu) noexcept {
  auto won = pending_.take(id, only);
  if (won.what == table::outcome::unanswered)
    answer_taken(id, why, eu);
  if (won.what != table::outcome::nothing)
    release(id, won);
}

void gate_core::sweep(const replica_end& end, gate_reason to_blamed,
                      gate_reason to_others, run_context eu) noexcept {
  auto owner = end.owner();
  pending_.for_each([&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner == owner && word.state != pending_state::waiting)
      fail(id, owner, end.blamed == id ? to_blamed : to_others, eu);
  });
}

} // namespace bulwark::detail
