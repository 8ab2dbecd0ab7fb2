#include <bulwark/gate/detail/gate_core.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

gate_core::gate_core(caf::actor_system& sys, gate_settings settings)
  : gate_state(sys, std::move(settings)) {}

void gate_core::set_handles(caf::weak_actor_ptr self,
                            caf::weak_actor_ptr stage) {
  self_ = self;
  stage_ = stage->get();
  handles_.fill_from(std::move(self), std::move(stage));
  pokes_.aim_at(self_);
  if (permits_)
    permits_->set_poke([to = self_] { detail::poke_gate(to); });
}

void gate_core::declare_replicas(size_t first, size_t count) {
  std::lock_guard guard{lock_};
  auto end = std::min(first + count, replicas_max);
  for (auto i = first; i < end; ++i)
    if (!in_use(slots_[i].view))
      slots_[i].view = expected_state::coming;
  slots_.use_replicas(end);
}

void gate_core::expect(uint8_t index, expected_state view) {
  std::lock_guard guard{lock_};
  slots_[index].view = view;
}

void gate_core::expect(expected_state of_all_replicas) {
  std::lock_guard guard{lock_};
  for (size_t i = 0; i < slots_.replicas(); ++i)
    if (in_use(slots_[i].view))
      slots_[i].view = of_all_replicas;
}

void gate_core::open_slot(uint8_t index, uint64_t incarnation,
                          caf::strong_actor_ptr handle, run_context eu,
                          const caf::strong_actor_ptr& stage) {
  auto& it = slots_[index];
  if (refusing_.load() == static_cast<uint8_t>(errc::stopped)
      || it.incarnation >= incarnation || it.dead.load() >= incarnation)
    return;
  await_unheld(it);
  {
    std::lock_guard guard{lock_};
    if (it.dead.load() >= incarnation)
      return;
    it.handle.swap(handle);
    it.incarnation = incarnation;
    // From here on a death of this incarnation waits for us.
    it.door.hold();
  }
  {
    slot_guard hold{it.door};
    fetch_permits();
    fill_slot(it, index, incarnation, eu, stage);
  }
  serve_with_permits(eu, stage);
}

void gate_core::fill_slot(gate_slot& to, uint8_t index, uint64_t incarnation,
                          run_context eu, const caf::strong_actor_ptr& stage) {
  auto closed = [&] { return to.closed_for(incarnation); };
  for (;;) {
    element_chain going;
    element_chain failed;
    {
      std::lock_guard guard{lock_};
      if (closed())
        return;
      going = take_wanted(index, failed);
      if (going.empty() && failed.empty()) {
        if (to.door.is_open())
          return;
        to.door.open();
        ++(index >= replicas_max ? open_peers_ : open_replicas_);
        return;
      }
    }
    answer_waiting(std::move(failed), errc::memory_exhausted, eu);
    while (!closed() && !going.empty())
      hand_over(to, {index, static_cast<uint16_t>(incarnation)},
                going.pop_front(), eu, stage);
    if (!going.empty())
      return stay(std::move(going));
  }
}

void gate_core::hand_over(gate_slot& to, pending_owner owner, element_ptr what,
                          run_context eu, const caf::strong_actor_ptr& stage) {
  auto id = *tracked_id(*what);
  auto mid = id_of(*what);
  auto expires = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto goes = [&] {
    pack(to, what, id, stage);
    if (rate_)
      turn_used(id);
    return true;
  };
  to.door.work_out();
  if (adapts())
    note_start(id);
  bool packed = true;
  try {
    if (pending_.restamp_if(id, waiting_word, {0, owner, pending_state::active},
                            expires, goes)) {
      put(to, std::move(what), eu, stage);
      arm(expires);
      return settle(mid, true);
    }
  } catch (...) {
    packed = false; // Out of memory.
  }
  to.door.work_back();
  settle(mid, false);
  if (!packed)
    fail(id, std::nullopt, errc::memory_exhausted, eu);
}

/// The replica died, or the node began to drain, while it was given what
/// waited.
void gate_core::stay(element_chain what) {
  bool others_open = false;
  {
    std::lock_guard guard{lock_};
    what.for_each([this](const element& each) {
      if (has_flag(each, keyed_bit))
        keys_.back(*tracked_id(each));
      if (permits_) {
        permits_->could_not_go(*tracked_id(each));
        expire_within(*tracked_id(each), options_.stash_wait);
      }
    });
    stash_.give_back(std::move(what));
    others_open = open_replicas_ + open_peers_ > 0;
  }
  if (others_open)
    poke_gate();
}

void gate_core::serve_waiting(run_context eu,
                              const caf::strong_actor_ptr& stage) {
  fetch_permits();
  for (size_t i = 0; i < slots_max; ++i) {
    auto& it = slots_[i];
    if (!it.door.enter())
      continue;
    it.door.work_back();
    slot_guard hold{it.door};
    fill_slot(it, static_cast<uint8_t>(i), it.incarnation, eu, stage);
  }
  answer_hopeless(eu);
  serve_with_permits(eu, stage);
}

void gate_core::close_slot(uint8_t index, uint64_t incarnation) {
  auto& it = slots_[index];
  std::lock_guard guard{lock_};
  if (it.incarnation == incarnation)
    close_locked(it);
}

void gate_core::abandon(const gate_replica& which, run_context eu) {
  auto incarnation = which.change.incarnation;
  auto& it = slots_[which.index];
  bool current = false;
  {
    std::lock_guard guard{lock_};
    // It, or a later one, may be dead already, and a later one may be open:
    // then nobody is on the way to this one any more.
    auto dead = it.dead.load(std::memory_order_relaxed);
    it.dead.store(std::max(dead, incarnation), std::memory_order_relaxed);
    current = it.incarnation == incarnation;
    if (current)
      close_locked(it);
  }
  if (current)
    await_unheld(it);
  let_go(it, incarnation);
  replica_end end{which.index, incarnation};
  auto beside = try_make([&] {
    return make_error(
      errc::replica_lost,
      name_ + ": was with a replica that got stuck and was replaced");
  });
  gate_reason others{errc::service_hung};
  if (which.control && which.control->at_hand.told()) {
    end.blamed = which.control->at_hand.get();
    others = {beside, errc::replica_lost};
  }
  repeat(end, eu);
  sweep(end, errc::service_hung, others, eu);
}

void gate_core::answer_hopeless(run_context eu) {
  element_chain waiting;
  errc code{};
  {
    std::lock_guard guard{lock_};
    if (open_replicas_ > 0 || stash_.empty())
      return;
    // What a peer sent must not travel on: other peers are no hope for it.
    bool local_only = open_peers_ > 0 || expected_peers_.may_come(clock_.now());
    auto why = hopeless(local_only);
    if (!why)
      return;
    code = *why;
    waiting = stash_.take_if([=](const element& what, bool) {
      return !local_only || has_flag(what, from_peer_bit)
               ? stash::choice::take
               : stash::choice::leave;
    });
  }
  answer_waiting(std::move(waiting), code, eu);
}

void gate_core::answer_waiting(element_chain waiting, errc code,
                               run_context eu) noexcept {
  while (auto what = waiting.pop_front())
    fail(*tracked_id(*what), std::nullopt, code, eu);
}

} // namespace bulwark::detail
