#include <bulwark/caf/detail/message_size.hpp>
#include <bulwark/gate/detail/gate_core.hpp>

#include <algorithm>
#include <utility>

// How a message that comes in begins to wait, or is turned away.

namespace bulwark::detail {

namespace {

/// How often a message tries the fast lane again because a slot opened while
/// it was about to wait. Each time some replica came up and died in between.
constexpr int tries_max = 1000;

} // namespace

void gate_core::wait_or_refuse(element_ptr what, passage& way, run_context eu,
                               const caf::strong_actor_ptr& stage) noexcept {
  auto id = way.id;
  std::optional<errc> code;
  try {
    auto bytes = message_size(content_of(*what));
    for (int i = 0; i < tries_max && !code; ++i) {
      code = try_wait(what, way, bytes);
      pay_debts();
      if (!code && !what) {
        if (way.held)
          look_for_idle();
        // To set its timer, or to see that its turn has come.
        if (way.early)
          poke_gate();
        return arm(pending_.expires_of(id));
      }
      if (!code && try_forward(what, way, eu, stage) == lane::taken)
        return;
    }
  } catch (...) {
    code = errc::memory_exhausted;
  }
  pay_debts();
  give_up(way, code.value_or(errc::too_many_requests), eu);
}

/// Gives back what it has of permit and turn, and answers why.
void gate_core::give_up(const passage& way, gate_reason why,
                        run_context eu) noexcept {
  if (way.granted)
    permits_->give(request_for(way.id));
  if (way.turn.tenant != nullptr)
    rate_->give_back(way.turn);
  if (way.from)
    fail(way.id, std::nullopt, why, eu);
  else
    answer_unpublished(way.id, why, eu);
}

std::optional<errc> gate_core::try_wait(element_ptr& what, passage& way,
                                        size_t bytes) {
  std::lock_guard guard{lock_};
  auto id = way.id;
  auto keyed = has_flag(*what, keyed_bit);
  bool lined = false;
  way.held = false;
  auto rank = !way.from          ? rank_of(*what, pending_.beside(id))
              : is_urgent(*what) ? call_priority::critical
                                 : call_priority::normal;
  way.early = way.turn.tenant != nullptr && rate_->early(way, *what, rank);
  if (!way.early && lane_open(*what, id, way.local_only)) {
    auto code = line_up(way, lined);
    if (code || !lined)
      return code;
  } else if (auto code = hopeless(way.local_only)) {
    return code;
  }
  if (!stash_.fits(bytes)) {
    if (lined)
      leave_line(way);
    return lined ? errc::bulkhead_full : errc::stash_full;
  }
  auto wait = way.held ? options_.timeout
              : lined  ? permits_->wait_max()
                       : options_.stash_wait;
  wait += take_place(what, way, bytes, rank, lined);
  auto latest = (clock_.now() + wait).time_since_epoch().count();
  auto expires = std::min(
    pending_.payload(id).deadline.load(std::memory_order_relaxed), latest);
  if (!way.from) {
    set_out(stash_.last(rank), true);
    pending_.publish(id, {}, pending_state::waiting, expires);
  } else if (!pending_.restamp(id, *way.from, waiting_word, expires)) {
    what = stash_.take_last(rank);
    if (lined)
      leave_line(way);
    return errc::timed_out; // Answered meanwhile: `take` will find nothing.
  } else {
    slots_[way.from->owner.slot].door.work_back();
    if (permits_ && gate_permits::has_one(*way.from) && !way.held)
      permits_->owe(request_for(id));
  }
  if (keyed)
    keys_.wait(id);
  return std::nullopt;
}

/// Puts it among those that wait, or throws and leaves it out: what can fail
/// comes before its entry says that it waits. Returns how long it is until its
/// turn, if it waits for that. @pre the lock is held
duration gate_core::take_place(element_ptr& what, const passage& way,
                               size_t bytes, call_priority rank, bool lined) {
  try {
    auto result = duration::zero();
    auto& waiting = *what;
    stash_.arrive(std::move(what), bytes, rank);
    if (way.turn.tenant != nullptr)
      result = rate_->note(way, waiting, rank);
    return result;
  } catch (...) {
    if (!what)
      what = stash_.take_last(rank);
    if (lined)
      leave_line(way);
    throw;
  }
}

} // namespace bulwark::detail
