#include <bulwark/gate/detail/hand_over.hpp>

#include <utility>

namespace bulwark::detail {

/// Until when what waits now waits for somebody.
time_point hand_over::back_by() const {
  return of_.clock.now() + of_.options.stash_wait;
}

int64_t hand_over::latest() const {
  return back_by().time_since_epoch().count();
}

void hand_over::begin_death(uint8_t index, uint64_t incarnation) {
  auto& it = of_.slots[index];
  if (of_.group.armed())
    of_.group.ends(index, it.door.load());
  if (of_.line.with_doors(
        [&](doors& all) { return all.died(it, incarnation); }))
    vacate(it, incarnation);
}

void hand_over::vacate(gate_slot& it, uint64_t incarnation) {
  serving::await_unheld(it);
  // Dropping the last handle of a replica runs its cleanup: not with the lock.
  of_.line.with_doors(
    [&](doors& all) { return all.take_handle(it, incarnation); });
}

size_t hand_over::take(replica_end& end, element_chain waiting,
                       run_context eu) {
  auto owner = end.owner();
  element_chain gone;
  bool any = of_.line.wait_again(end, std::move(waiting), latest(), gone);
  // Given up on long ago, never let in by this gate, answered and not to be
  // handled any more, or a copy.
  while (auto what = gone.pop_front())
    if (auto id = tracked_id(*what))
      ends_.end_unbegun(*id, owner, errc::replica_lost, eu);
  of_.line.perform_deferred();
  of_.tell();
  if (any)
    serve_.look_after_waiting(eu);
  return of_.requests.count_of(owner);
}

void hand_over::repeat(replica_end& end, run_context eu) {
  element_chain gone;
  auto any = of_.line.wait_again(end, {}, latest(), gone);
  of_.line.perform_deferred();
  of_.tell();
  if (any)
    serve_.look_after_waiting(eu);
}

bool hand_over::owes_answers(uint8_t index, uint64_t incarnation) {
  return of_.requests.count_of({index, static_cast<uint16_t>(incarnation)}) > 0;
}

/// Where clients may hope for another replica, or node, the service has not
/// stopped.
void hand_over::finish_death(const replica_end& end, const caf::error& reason,
                             run_context eu) {
  if (of_.group.armed() && of_.refusal() == errc{}) {
    of_.group.down(end.index, end.incarnation, reason);
    of_.tell();
  }
  auto alone = [&] {
    return of_.line.with_doors([&](doors& all) {
      return !all.peers_may_come(of_.clock.now())
             && !all.expected().others_come(end.index);
    });
  };
  auto crashed = try_make(
    [&] { return make_error(errc::service_crashed, describe(reason)); });
  auto others = end.node_lost             ? gate_reason{reason}
                : end.for_good && alone() ? gate_reason{errc::stopped}
                                          : gate_reason{errc::replica_lost};
  sweep(end, {crashed, errc::service_crashed}, others, eu);
}

void hand_over::sweep(const replica_end& end, gate_reason to_blamed,
                      gate_reason to_others, run_context eu) noexcept {
  auto owner = end.owner();
  of_.requests.for_each([&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner == owner && word.state != pending_state::waiting)
      ends_.fail(id, owner, end.blamed == id ? to_blamed : to_others, eu);
  });
}

void hand_over::abandon(const gate_replica& which, run_context eu) {
  auto incarnation = which.change.incarnation;
  auto& it = of_.slots[which.index];
  if (of_.line.with_doors(
        [&](doors& all) { return all.died_again(it, incarnation); }))
    serving::await_unheld(it);
  of_.line.with_doors(
    [&](doors& all) { return all.take_handle(it, incarnation); });
  replica_end end{which.index, incarnation};
  auto beside = try_make([&] {
    return make_error(
      errc::replica_lost,
      of_.name + ": was with a replica that got stuck and was replaced");
  });
  gate_reason others{errc::service_hung};
  if (which.control && which.control->at_hand.told()) {
    end.blamed = which.control->at_hand.get();
    others = {beside, errc::replica_lost};
  }
  repeat(end, eu);
  sweep(end, errc::service_hung, others, eu);
}

void hand_over::lose_peer(const std::string& node, run_context eu) {
  for (auto i = slot_bank::replicas_max; i < slot_bank::all_max; ++i)
    if (auto incarnation = of_.line.with_doors(
          [&](doors& all) { return all.lose(i, node, back_by()); }))
      lose(static_cast<uint8_t>(i), *incarnation, node, eu);
  serve_.answer_hopeless(eu);
}

void hand_over::lose(uint8_t index, uint64_t incarnation,
                     const std::string& node, run_context eu) {
  vacate(of_.slots[index], incarnation);
  auto err = try_make([&] {
    return make_error(errc::unreachable,
                      of_.name + ": node " + node + " was lost");
  });
  gate_reason lost{err, errc::unreachable};
  replica_end end{index, incarnation};
  end.node_lost = true;
  repeat(end, eu);
  sweep(end, lost, lost, eu);
}

void hand_over::drain_peer(const std::string& node) {
  for (auto i = slot_bank::replicas_max; i < slot_bank::all_max; ++i)
    if (of_.line.with_doors(
          [&](doors& all) { return all.drain(i, node, back_by()); }))
      serving::await_unheld(of_.slots[i]);
}

} // namespace bulwark::detail
