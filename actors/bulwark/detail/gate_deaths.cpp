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
  --(&it < &slots_[replicas_max] ? open_replicas_ : open_peers_);
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
}

void gate_core::hand_back(uint8_t index, uint64_t incarnation,
                          element_chain waiting, caf::execution_unit* eu) {
  pending_word from{
    0, {index, static_cast<uint16_t>(incarnation)}, pending_state::active};
  auto latest = (clock_.now() + options_.stash_wait).time_since_epoch().count();
  element_chain kept;
  auto earliest = table::never;
  while (auto what = waiting.pop_front()) {
    auto id = tracked_id(what->mid);
    if (!id || !pending_.live(*id))
      continue; // Given up on long ago, or never let in by this gate.
    auto expires = std::min(
      pending_.payload(*id).deadline.load(std::memory_order_relaxed), latest);
    if (pending_.restamp(*id, from, waiting_word, expires)) {
      slots_[index].door.work_back();
      earliest = std::min(earliest, expires);
      kept.push_back(std::move(what));
    } else if (auto won = pending_.take(*id, from.owner);
               won.what == table::outcome::late) {
      release(*id, won); // Answered at its deadline; will not be handled.
    }
  }
  if (kept.empty())
    return;
  bool others_open = false;
  {
    std::lock_guard guard{lock_};
    stash_.give_back(std::move(kept));
    others_open = open_replicas_ + open_peers_ > 0;
  }
  arm(earliest);
  if (others_open)
    poke_gate();
  else
    answer_hopeless(eu);
}

void gate_core::finish_death(uint8_t index, uint64_t incarnation,
                             const caf::error& reason,
                             caf::execution_unit* eu) {
  auto how = classify(reason);
  bool orderly = how == exit_class::normal || how == exit_class::shutdown;
  auto err = orderly ? error_for(errc::stopped)
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
