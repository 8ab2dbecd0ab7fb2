#include <bulwark/caf/detail/message_size.hpp>
#include <bulwark/gate/detail/forwarding.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

namespace bulwark::detail {

namespace {

/// How often a message tries to go at once because a slot opened while it was
/// about to wait. Each time some replica came up and died in between.
constexpr int tries_max = 1000;

/// Of one that got a permit while others wait for one: whether they go first.
/// A permit may be the last one, and what a replica handed back between then
/// and now waits for it. What has a key waits for its key's sake.
bool overtakes(const element& what, const passage& way) {
  auto from_line = way.from && way.from->state == pending_state::waiting;
  return !from_line && !has_flag(what, keyed_bit);
}

} // namespace

gate_slot* forwarding::pick(const element& what, pending_id id, bool local,
                            bool others, pending_owner& owner) {
  if (has_flag(what, keyed_bit))
    return of_.line.pick_keyed(id, local, others, owner);
  if (local && !of_.slots.idle_only() && of_.requests.tried_anywhere(id))
    if (auto* to = of_.slots.enter_local(
          [&](size_t i) { return !of_.requests.tried(id, i); }, owner))
      return to;
  return of_.slots.pick(local, others, owner);
}

forwarding::opening forwarding::enter_somewhere(const element& what,
                                                passage& way) {
  if (of_.protects.permits() != nullptr)
    return enter_with_permit(what, way);
  opening at;
  at.to = has_flag(what, keyed_bit)
            ? of_.line.pick_keyed(way.id, true, !way.local_only, at.owner)
            : of_.slots.pick(true, !way.local_only, at.owner);
  return at;
}

forwarding::opening forwarding::enter_with_permit(const element& what,
                                                  passage& way) {
  auto& permits = *of_.protects.permits();
  opening at;
  at.request = permit_limit::request_of(way.id, of_.requests.said(way.id));
  at.had = way.from && permit_limit::has_one(*way.from);
  auto granted = !at.had && std::exchange(way.granted, false);
  // What goes to another node takes nothing here.
  auto fast = !at.had && !granted && of_.slots.local_open()
              && !of_.line.any_lined() && permits.try_take(at.request);
  auto local = at.had || granted || fast;
  // Who only lacks a permit waits for it here.
  auto others = !way.local_only && (local || !of_.slots.local_open());
  at.to = pick(what, way.id, local, others, at.owner);
  if (at.had || !local)
    return at;
  at.took = at.to != nullptr && slot_bank::is_local(at.owner);
  if (at.took && of_.line.behind(at.request.priority) && overtakes(what, way)) {
    at.to->door.work_back();
    at.to->door.leave();
    at.to = nullptr;
    at.took = false;
  }
  if (!at.took && fast)
    permits.give_unused(at.request);
  else if (!at.took)
    permits.give(at.request);
  return at;
}

/// What can fail comes before the entry says that it goes.
bool forwarding::try_forward(element_ptr& what, passage& way, run_context eu,
                             const caf::strong_actor_ptr& stage) {
  auto at = enter_somewhere(*what, way);
  if (at.to == nullptr)
    return false;
  auto& to = *at.to;
  auto expires = of_.requests.deadline(way.id);
  {
    slot_guard guard{to.door};
    try {
      if (!set_off(at, what, way, expires, stage)) {
        turn_round(at);
        what.reset(); // Its client was answered meanwhile.
        return true;
      }
    } catch (...) {
      turn_round(at);
      throw;
    }
    of_.out.put(slot_bank::is_local(at.owner), to, std::move(what), eu, stage);
  }
  of_.arm(expires);
  return true;
}

void forwarding::turn_round(const opening& at) noexcept {
  at.to->door.work_back();
  if (at.took)
    of_.protects.permits()->give(at.request);
}

/// Makes of `what` what the slot gets, and the entry its. False: the entry is
/// not what it was any more. Changes nothing but `what` when it throws.
/// `expires`: the deadline; then, when the attempt is over.
bool forwarding::set_off(const opening& at, element_ptr& what,
                         const passage& way, int64_t& expires,
                         const caf::strong_actor_ptr& stage) {
  auto id = way.id;
  auto local = slot_bank::is_local(at.owner);
  if (!way.from) {
    of_.out.pack(of_.requests, local, *at.to, what, id, stage);
    of_.out.set_out(*what, local);
    expires = of_.went(id, at.owner);
    of_.requests.publish(id, at.owner, pending_state::active, expires);
    return true;
  }
  auto waited = way.from->state == pending_state::waiting;
  auto goes = [&] {
    of_.out.pack(of_.requests, local, *at.to, what, id, stage);
    if (waited && of_.protects.delays())
      of_.line.use_turn(id);
    if (waited)
      expires = of_.went(id, at.owner);
    else
      expires = std::min(expires, of_.requests.expires_of(id));
    if (!waited && at.took)
      of_.protects.moved(of_.requests, id);
    return true;
  };
  pending_word word{0, at.owner, pending_state::active};
  if (!of_.requests.restamp_if(id, *way.from, word, expires, goes))
    return false;
  if (!waited) {
    of_.slots[way.from->owner.slot].door.work_back();
    if (at.had && !local)
      of_.protects.permits()->give(at.request);
  }
  return true;
}

void forwarding::wait_or_refuse(element_ptr what, passage& way, run_context eu,
                                const caf::strong_actor_ptr& stage) noexcept {
  auto id = way.id;
  std::optional<errc> code;
  try {
    auto bytes = message_size(content_of(*what));
    for (int i = 0; i < tries_max && !code; ++i) {
      code = of_.line.try_wait(what, way, bytes);
      of_.line.perform_deferred();
      if (!code && !what) {
        if (way.held)
          look_for_idle();
        // To set its timer, or to see that its turn has come.
        if (way.early)
          of_.pokes.poke();
        return of_.arm(of_.requests.expires_of(id));
      }
      if (!code && try_forward(what, way, eu, stage))
        return;
    }
  } catch (...) {
    code = errc::memory_exhausted;
  }
  of_.line.perform_deferred();
  give_up(way, code.value_or(errc::too_many_requests), eu);
}

/// Something waits with its permit: behind others that the gate has not handed
/// over yet, or for a replica that is idle. One may have become it meanwhile:
/// whoever does looks for such waiters afterwards.
void forwarding::look_for_idle() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!of_.slots.idle_only() || of_.slots.idle() > 0)
    of_.pokes.poke();
}

void forwarding::give_up(const passage& way, gate_reason why,
                         run_context eu) noexcept {
  if (way.granted)
    of_.protects.permits()->give(
      permit_limit::request_of(way.id, of_.requests.said(way.id)));
  of_.protects.give_back(way.turn);
  if (way.from)
    ends_.fail(way.id, std::nullopt, why, eu);
  else
    ends_.answer_unpublished(way.id, why, eu);
}

} // namespace bulwark::detail
