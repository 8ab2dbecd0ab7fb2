#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/gate/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// Of one that got a permit while others wait for one: whether they go first.
/// A permit may be the last one, and what a replica handed back between then
/// and now waits for it. What has a key waits for its key's sake.
bool overtakes(const element& what, const passage& way) {
  auto from_line = way.from && way.from->state == pending_state::waiting;
  return !from_line && !has_flag(what, keyed_bit);
}

} // namespace

gate_core::opening gate_core::enter_somewhere(const element& what,
                                              passage& way) {
  if (permits_)
    return enter_with_permit(what, way);
  opening at;
  at.to = has_flag(what, keyed_bit)
            ? pick_keyed(way.id, true, !way.local_only, at.owner)
            : slots_.pick(true, !way.local_only, at.owner);
  return at;
}

gate_core::opening gate_core::enter_with_permit(const element& what,
                                                passage& way) {
  opening at;
  at.wish = request_for(way.id);
  at.had = way.from && gate_permits::has_one(*way.from);
  auto granted = !at.had && std::exchange(way.granted, false);
  // What goes to another node takes nothing here.
  auto fast =
    !at.had && !granted && slots_.local_open() && permits_->try_take(at.wish);
  auto local = at.had || granted || fast;
  // Who only lacks a permit waits for it here.
  auto others = !way.local_only && (local || !slots_.local_open());
  at.to = has_flag(what, keyed_bit)
            ? pick_keyed(way.id, local, others, at.owner)
            : slots_.pick(local, others, at.owner);
  if (at.had || !local)
    return at;
  at.took = at.to != nullptr && slot_bank::is_local(at.owner);
  if (at.took && permits_->behind(at.wish.priority) && overtakes(what, way)) {
    at.to->door.work_back();
    at.to->door.leave();
    at.to = nullptr;
    at.took = false;
  }
  if (!at.took && fast)
    permits_->give_unused(at.wish);
  else if (!at.took)
    permits_->give(at.wish);
  else if (adapts())
    note_start(way.id);
  return at;
}

/// What can fail comes before the entry says that it goes.
gate_core::lane gate_core::try_forward(element_ptr& what, passage& way,
                                       run_context eu,
                                       const caf::strong_actor_ptr& stage) {
  auto id = way.id;
  auto at = enter_somewhere(*what, way);
  if (at.to == nullptr)
    return lane::closed;
  auto& to = *at.to;
  auto expires = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto turn_round = [&] {
    to.door.work_back();
    if (at.took)
      permits_->give(at.wish);
  };
  {
    slot_guard guard{to.door};
    try {
      if (!set_off(at, what, way, expires, stage)) {
        turn_round();
        what.reset(); // Its client was answered meanwhile.
        return lane::taken;
      }
    } catch (...) {
      turn_round();
      throw;
    }
    put(to, std::move(what), eu, stage);
  }
  arm(expires);
  return lane::taken;
}

/// Makes of `what` what the slot gets, and the entry its. False: the entry is
/// not what it was any more. Changes nothing but `what` when it throws.
bool gate_core::set_off(const opening& at, element_ptr& what,
                        const passage& way, int64_t expires,
                        const caf::strong_actor_ptr& stage) {
  auto id = way.id;
  if (!way.from) {
    pack(*at.to, what, id, stage);
    set_out(*what, slots_.is_local(*at.to));
    pending_.publish(id, at.owner, pending_state::active, expires);
    return true;
  }
  auto goes = [&] {
    pack(*at.to, what, id, stage);
    if (rate_ && way.from->state == pending_state::waiting)
      turn_used(id);
    return true;
  };
  pending_word word{0, at.owner, pending_state::active};
  if (!pending_.restamp_if(id, *way.from, word, expires, goes))
    return false;
  if (way.from->state == pending_state::active) {
    slots_[way.from->owner.slot].door.work_back();
    if (at.had && !slots_.is_local(*at.to))
      permits_->give(at.wish);
  }
  return true;
}

/// Handles are taken only by who holds a door or the lock, and `stop` closes
/// the purse when nobody can any more.
void gate_state::set_out(element& what, bool comes_by) noexcept {
  handles_.take();
  auto path = handles_.adopt_path();
  if (comes_by)
    add_hop(what, std::move(path));
}

/// Another node's gate gets what its client said, too.
void gate_state::pack(const gate_slot& to, element_ptr& what, pending_id id,
                      const caf::strong_actor_ptr& stage) {
  if (slots_.is_local(to))
    return;
  if (to.handle->node() != sys_.node())
    if (auto type = unregistered_type(content_of(*what), sys_)) {
      auto why = reports_.cannot_travel(
        complain_unregistered(travel_failure::message_written, *type));
      what = make_element(nullptr, id_of(*what), std::move(why));
      return;
    }
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto left = time_point{duration{deadline}} - clock_.now();
  auto us = std::chrono::duration_cast<std::chrono::microseconds>(left);
  const auto* kept = pending_.beside(id).kept.get();
  envelope outer{us.count(),
                 kept != nullptr ? kept->call : call_options{},
                 sender_of(*what),
                 take_content(*what),
                 {}};
  what = make_element(stage, id_of(*what), std::move(outer));
}

/// What cannot travel has become its answer: no client's message is an error.
void gate_state::put(gate_slot& to, element_ptr what, run_context eu,
                     const caf::strong_actor_ptr& stage) noexcept {
  try {
    auto answered =
      !slots_.is_local(to) && content_of(*what).match_elements<caf::error>();
    deliver(answered ? stage : to.handle, std::move(what), eu);
  } catch (...) {
    // CAF is out of memory, and may have it or not: it counts as taken up, and
    // is answered at its deadline.
  }
}

} // namespace bulwark::detail
