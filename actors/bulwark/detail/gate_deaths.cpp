#include <bulwark/detail/gate_core.hpp>

#include <thread>
#include <utility>

namespace bulwark::detail {

void gate_core::await_unheld(gate_slot& it) {
  // Whoever holds the door is inside one `enqueue`, or is the gate handing
  // over what waited, which stops when it sees `dead`.
  while (it.door.held())
    std::this_thread::yield();
}

void gate_core::close_locked(gate_slot& it) {
  if (!it.door.is_open())
    return;
  it.door.close();
  --(slots_.is_local(it) ? open_replicas_ : open_peers_);
}

bool gate_core::tracks(const caf::mailbox_element& what) const {
  return !what.mid.is_response() && tracked_id(what.mid)
         && visits_next(what, stage_);
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

void gate_core::let_go(gate_slot& it, uint64_t incarnation) {
  // Dropping the last handle of a replica runs its cleanup, which takes the
  // lock; so it happens out here.
  caf::strong_actor_ptr handle;
  std::lock_guard guard{lock_};
  if (it.incarnation == incarnation)
    handle.swap(it.handle);
}

/// All in one, so that what arrives meanwhile comes behind.
bool gate_core::wait_again(pending_owner owner, element_chain waiting,
                           parting how, int64_t latest, element_chain& gone) {
  pending_word from{0, owner, pending_state::active};
  element_chain kept;
  std::lock_guard guard{lock_};
  while (auto what = waiting.pop_front()) {
    auto id = tracked_id(what->mid);
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
      permits_->owe(wish_for(*id));
    if (has_flag(what->mid, keyed_bit))
      keys_.back(*id);
    kept.push_back(std::move(what));
  }
  // What the dead one was at is older than what it had not come to.
  if (how == parting::dies)
    kept.prepend(reclaim(owner, latest));
  stash_.give_back(std::move(kept));
  return !stash_.empty();
}

size_t gate_core::hand_back(uint8_t index, uint64_t incarnation,
                            element_chain waiting, parting how,
                            caf::execution_unit* eu) {
  pending_owner owner{index, static_cast<uint16_t>(incarnation)};
  auto now = clock_.now();
  auto latest = (now + options_.stash_wait).time_since_epoch().count();
  element_chain gone;
  bool any = wait_again(owner, std::move(waiting), how, latest, gone);
  // Given up on long ago, never let in by this gate, or answered at its
  // deadline and not to be handled any more.
  while (auto what = gone.pop_front())
    if (auto id = tracked_id(what->mid))
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
void gate_core::look_after_waiting(caf::execution_unit* eu) {
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

void gate_core::finish_death(uint8_t index, uint64_t incarnation,
                             const caf::error& reason,
                             caf::execution_unit* eu) {
  auto how = classify(reason);
  bool orderly = how == exit_class::normal || how == exit_class::shutdown;
  auto err = orderly ? error_for(errc::stopped)
             : code_of(reason, errc{}) == errc::unreachable
               ? reason
               : make_error(errc::service_crashed, describe(reason));
  sweep({index, static_cast<uint16_t>(incarnation)}, err, eu);
}

void gate_core::sweep(pending_owner owner, const caf::error& err,
                      caf::execution_unit* eu) {
  pending_.for_each([&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner != owner || word.state == pending_state::waiting)
      return;
    auto won = pending_.take(id, owner);
    if (won.what == table::outcome::unanswered)
      answer_taken(id, err, eu);
    if (won.what != table::outcome::nothing)
      release(id, won);
  });
}

} // namespace bulwark::detail
