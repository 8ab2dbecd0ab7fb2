#include <bulwark/gate/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

void gate_core::open_peer(const std::string& node, caf::strong_actor_ptr handle,
                          run_context eu, const caf::strong_actor_ptr& stage) {
  close_peer(node, eu);
  auto index = slots_max;
  {
    std::lock_guard guard{lock_};
    for (auto i = replicas_max; i < slots_max && index == slots_max; ++i)
      if (slots_[i].node == node || slots_[i].view == expected_state::unused)
        index = i;
    // A lost peer's place may be taken once all places were used; one that
    // drains still has something there.
    for (auto i = replicas_max; i < slots_max && index == slots_max; ++i)
      if (slots_[i].view == expected_state::lost
          && slots_[i].dead.load() >= slots_[i].incarnation)
        index = i;
    if (index == slots_max)
      return note_refused("more peers offer the service than a gate holds");
    slots_[index].node = node;
    slots_[index].view = expected_state::coming;
    slots_.use_peers(index - replicas_max + 1);
  }
  open_slot(static_cast<uint8_t>(index), slots_[index].incarnation + 1,
            std::move(handle), eu, stage);
}

void gate_core::close_peer(const std::string& node, run_context eu) {
  for (auto i = replicas_max; i < slots_max; ++i) {
    auto& it = slots_[i];
    uint64_t incarnation = 0;
    {
      std::lock_guard guard{lock_};
      if (it.node != node || it.dead.load() >= it.incarnation)
        continue;
      incarnation = it.incarnation;
      it.dead.store(incarnation);
      close_drained(it);
    }
    await_unheld(it);
    let_go(it, incarnation);
    auto err = try_make([&] {
      return make_error(errc::unreachable,
                        name_ + ": node " + node + " was lost");
    });
    gate_reason lost{err, errc::unreachable};
    replica_end end{static_cast<uint8_t>(i), incarnation};
    repeat(end, eu);
    sweep(end, lost, lost, eu);
  }
  answer_hopeless(eu);
}

void gate_core::drain_peer(const std::string& node) {
  for (auto i = replicas_max; i < slots_max; ++i) {
    auto& it = slots_[i];
    {
      std::lock_guard guard{lock_};
      if (it.node != node || it.closed_for(it.incarnation))
        continue;
      close_drained(it);
    }
    await_unheld(it);
  }
}

void gate_core::offered_nowhere(std::string nearest) {
  std::lock_guard guard{lock_};
  expected_peers_.offered_nowhere(std::move(nearest));
}

void gate_core::expect_peers() {
  std::lock_guard guard{lock_};
  expected_peers_.ask();
}

void gate_core::peers_told(run_context eu) {
  {
    std::lock_guard guard{lock_};
    expected_peers_.told();
  }
  answer_hopeless(eu);
}

void gate_core::drain() noexcept {
  uint8_t expected = 0;
  refusing_.compare_exchange_strong(expected,
                                    static_cast<uint8_t>(errc::draining));
}

void gate_core::stop(run_context eu) {
  element_chain waiting;
  {
    std::lock_guard guard{lock_};
    refusing_.store(static_cast<uint8_t>(errc::stopped));
    for (auto& it : slots_)
      close_locked(it);
    waiting = stash_.take_all();
  }
  answer_waiting(std::move(waiting), errc::stopped, eu);
  for (auto& it : slots_) {
    await_unheld(it);
    let_go(it, it.incarnation);
  }
  pending_.for_each([&](pending_id id, const pending_word&, int64_t) {
    fail(id, std::nullopt, errc::stopped, eu);
  });
  handles_.close();
}

gate_status gate_core::status() const {
  gate_status result;
  result.service = name_;
  for (auto& it : slots_)
    result.in_flight += it.door.load();
  std::lock_guard guard{lock_};
  for (size_t i = 0; i < slots_.replicas(); ++i)
    result.replicas += in_use(slots_[i].view);
  result.replicas_up = open_replicas_;
  result.peers_up = open_peers_;
  result.waiting = stash_.size();
  auto why = hopeless(false);
  if (refusing_.load() == static_cast<uint8_t>(errc::stopped))
    result.state = service_state::stopped;
  else if (open_replicas_ + open_peers_ > 0)
    result.state = service_state::up;
  else if (!why)
    result.state = service_state::restarting;
  else if (*why == errc::service_failed)
    result.state = service_state::failed;
  else if (*why == errc::stopped)
    result.state = service_state::stopped;
  return result;
}

size_t gate_core::on_the_books() {
  size_t result = 0;
  pending_.for_each(
    [&](pending_id, const pending_word&, int64_t) { ++result; });
  return result;
}

} // namespace bulwark::detail
