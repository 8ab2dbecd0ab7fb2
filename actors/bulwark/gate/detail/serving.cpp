#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/gate/detail/serving.hpp>
#include <bulwark/gate/stands_by.hpp>

#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bulwark::detail {

void serving::await_unheld(gate_slot& it) {
  // Whoever holds the door is inside one `enqueue`, or is the gate handing
  // over what waited, which stops when it sees `closed_for`.
  while (it.door.held())
    std::this_thread::yield();
}

void serving::open_slot(uint8_t index, uint64_t incarnation,
                        caf::strong_actor_ptr handle, run_context eu,
                        const caf::strong_actor_ptr& stage) {
  auto& it = of_.slots[index];
  if (of_.stopped() || it.incarnation >= incarnation
      || it.dead.load() >= incarnation)
    return;
  await_unheld(it);
  if (!of_.line.with_doors(
        [&](doors& all) { return all.occupy(it, incarnation, handle); }))
    return;
  {
    slot_guard hold{it.door};
    if (of_.hints)
      of_.hints->begin(index);
    if (of_.group.uses(index)) {
      fetch();
      fill_slot(index, incarnation, eu, stage);
    } else {
      post(it.handle, eu, stands_by{});
    }
  }
  serve_with_permits(eu, stage);
}

void serving::open_again(uint8_t index, run_context eu,
                         const caf::strong_actor_ptr& stage) {
  auto& it = of_.slots[index];
  if (!of_.line.with_doors([&](doors& all) { return all.hold(it); }))
    return;
  {
    slot_guard hold{it.door};
    fetch();
    fill_slot(index, it.incarnation, eu, stage);
  }
  serve_with_permits(eu, stage);
}

void serving::open_peer(const std::string& node, caf::strong_actor_ptr handle,
                        run_context eu, const caf::strong_actor_ptr& stage) {
  auto index =
    of_.line.with_doors([&](doors& all) { return all.slot_for(node); });
  if (!index)
    return of_.reports.refused("more peers offer the service than a gate holds",
                               of_.clock.now());
  auto& it = of_.slots[*index];
  it.suspect.store(false, std::memory_order_relaxed);
  it.down.store(false, std::memory_order_relaxed);
  it.told_load.store(0, std::memory_order_relaxed);
  open_slot(static_cast<uint8_t>(*index), it.incarnation + 1, std::move(handle),
            eu, stage);
}

void serving::fetch() {
  if (!of_.line.fetch())
    of_.pokes.poke(); // Out of memory.
}

void serving::fill_slot(uint8_t index, uint64_t incarnation, run_context eu,
                        const caf::strong_actor_ptr& stage) {
  auto& to = of_.slots[index];
  for (;;) {
    auto share = of_.line.take_for(index, incarnation);
    if (share.done)
      return;
    answer_waiting(std::move(share.failed), errc::memory_exhausted, eu);
    auto& going = share.going;
    while (!to.closed_for(incarnation) && !going.empty())
      hand(to, {index, static_cast<uint16_t>(incarnation)}, going.pop_front(),
           eu, stage);
    if (going.empty())
      continue;
    // The replica died, or the node began to drain, while it was given what
    // waited.
    if (of_.line.give_back(std::move(going)))
      of_.pokes.poke();
    return;
  }
}

/// Hands one that waited over to a slot that the caller holds.
void serving::hand(gate_slot& to, pending_owner owner, element_ptr what,
                   run_context eu, const caf::strong_actor_ptr& stage) {
  auto id = *tracked_id(*what);
  auto mid = id_of(*what);
  auto local = slot_bank::is_local(owner);
  auto expires = of_.requests.deadline(id);
  auto confirm = [&](bool went) {
    if (has_flag(mid, keyed_bit) || of_.protects.permits() != nullptr)
      of_.line.confirm(mid, went);
  };
  auto goes = [&] {
    of_.out.pack(of_.requests, local, to, what, id, stage);
    if (of_.protects.delays())
      of_.line.use_turn(id);
    expires = of_.went(id, owner);
    return true;
  };
  to.door.work_out();
  bool packed = true;
  try {
    if (of_.requests.restamp_if(
          id, waiting_word, {0, owner, pending_state::active}, expires, goes)) {
      of_.out.put(local, to, std::move(what), eu, stage);
      of_.arm(expires);
      return confirm(true);
    }
  } catch (...) {
    packed = false; // Out of memory.
  }
  to.door.work_back();
  confirm(false);
  if (!packed)
    ends_.fail(id, std::nullopt, errc::memory_exhausted, eu);
}

void serving::serve_waiting(run_context eu,
                            const caf::strong_actor_ptr& stage) {
  fetch();
  for (size_t i = 0; i < slot_bank::all_max; ++i) {
    auto& it = of_.slots[i];
    if (!it.door.enter())
      continue;
    it.door.work_back();
    slot_guard hold{it.door};
    fill_slot(static_cast<uint8_t>(i), it.incarnation, eu, stage);
  }
  answer_hopeless(eu);
  serve_with_permits(eu, stage);
}

void serving::serve_permitted(run_context eu,
                              const caf::strong_actor_ptr& stage) {
  // A replica that dies meanwhile hands back after this, and so in front of
  // what could not go any more.
  slot_bank::hold held{of_.slots};
  for (;;) {
    auto share = of_.line.take_permitted();
    answer_waiting(std::move(share.failed), errc::memory_exhausted, eu);
    auto& going = share.going;
    if (going.empty())
      return;
    while (auto what = going.pop_front()) {
      auto id = *tracked_id(*what);
      if (forward_one(what, eu, stage)) {
        of_.line.went_with_permit(id);
        continue;
      }
      element_chain rest;
      rest.push_back(std::move(what));
      rest.append(std::move(going));
      of_.line.give_back(std::move(rest), id);
    }
  }
}

bool serving::forward_one(element_ptr& what, run_context eu,
                          const caf::strong_actor_ptr& stage) {
  passage way;
  way.id = *tracked_id(*what);
  way.from = waiting_word;
  way.local_only = has_flag(*what, from_peer_bit);
  way.granted = true;
  try {
    return forward_.try_forward(what, way, eu, stage);
  } catch (...) {
    forward_.give_up(way, errc::memory_exhausted, eu);
    return true;
  }
}

void serving::serve_with_permits(run_context eu,
                                 const caf::strong_actor_ptr& stage) {
  if (of_.protects.permits() == nullptr)
    return;
  serve_permitted(eu, stage);
  try {
    of_.line.return_unused();
  } catch (...) {
    of_.pokes.poke(); // Out of memory.
  }
  of_.line.perform_deferred();
  answer_refused(eu);
}

void serving::answer_refused(run_context eu) {
  std::vector<std::pair<uint64_t, errc>> refused;
  try {
    refused = of_.line.take_refused();
  } catch (...) {
    of_.pokes.poke(); // Out of memory.
  }
  for (const auto& [bits, why] : refused) {
    pending_id id{bits};
    auto word = of_.requests.word_of(id);
    if (word && word->state == pending_state::waiting)
      ends_.fail(id, std::nullopt, why, eu);
  }
  if (!refused.empty())
    of_.line.purge();
}

void serving::answer_hopeless(run_context eu) {
  auto [waiting, code] = of_.line.take_hopeless();
  answer_waiting(std::move(waiting), code, eu);
}

void serving::look_after_waiting(run_context eu) {
  // The tick finds out what is due when.
  of_.arm(of_.clock.now().time_since_epoch().count());
  if (of_.line.with_doors([](doors& all) { return all.anyone_up(); }))
    of_.pokes.poke();
  else
    answer_hopeless(eu);
}

void serving::answer_waiting(element_chain waiting, errc code,
                             run_context eu) noexcept {
  while (auto what = waiting.pop_front())
    ends_.fail(*tracked_id(*what), std::nullopt, code, eu);
}

} // namespace bulwark::detail
