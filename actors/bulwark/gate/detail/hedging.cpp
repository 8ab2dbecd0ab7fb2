#include <bulwark/gate/detail/hedging.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace bulwark::detail {

void hedging::tick(time_point now, run_context eu,
                   const caf::strong_actor_ptr& stage) {
  for (const auto& call : of_.hedges.take_due(now))
    copy(call, now, eu, stage);
}

/// Whether it goes or not, it is not looked at again.
void hedging::copy(const std::shared_ptr<hedged_call>& call, time_point now,
                   run_context eu, const caf::strong_actor_ptr& stage) {
  auto what = call->wanted(now);
  if (!what || of_.refusal() != errc{})
    return;
  auto word = of_.requests.word_of(call->id());
  if (!word || word->state != pending_state::active)
    return;
  auto at = enter_other(word->owner);
  if (at.to == nullptr)
    return;
  slot_guard guard{at.to->door};
  if (!begin(call, *what, at, now, eu, stage))
    at.to->door.work_back();
}

/// What can fail comes before the call knows of its copy.
bool hedging::begin(const std::shared_ptr<hedged_call>& call,
                    const hedged_call::request& wanted, const opening& at,
                    time_point now, run_context eu,
                    const caf::strong_actor_ptr& stage) noexcept {
  auto local = slot_bank::is_local(at.owner);
  std::optional<pending_id> id;
  bool permit = false;
  try {
    id = of_.requests.acquire();
    if (!id)
      return false;
    auto twin = make_element(wanted.sender, wanted.mid, wanted.content);
    note(*id, *twin, call, wanted);
    permit = take_permit(*id, local);
    of_.out.pack(of_.requests, local, *at.to, twin, *id, stage);
    rate_turn turn;
    auto goes = (permit || !needs_permit(local)) && may_go(*id, now, turn);
    auto pay = [&] { return of_.retries.take_token(now); };
    if (goes && !call->begin_copy(*id, at.owner, now, pay)) {
      of_.protects.give_back(turn);
      goes = false;
    }
    if (goes) {
      of_.out.set_out(*twin, local);
      of_.protects.went(of_.requests, *id, at.owner);
      auto expires = of_.requests.end_of_attempt(*id, now);
      of_.requests.publish(*id, at.owner, pending_state::active, expires);
      of_.out.put(local, *at.to, std::move(twin), eu, stage);
      of_.arm(expires);
      return true;
    }
  } catch (...) {
    // Out of memory.
  }
  if (id)
    give_up(*id, permit);
  return false;
}

/// As if the call came in once more, from nobody.
void hedging::note(pending_id id, element& what,
                   const std::shared_ptr<hedged_call>& call,
                   const hedged_call::request& of) {
  entrance by{nullptr, of.mid, of.deadline, 0, &of.call};
  of_.requests.note(id, what, by);
  if (of_.protects.permits() != nullptr)
    permit_limit::note(of_.requests.said(id), &of.call);
  auto kept = std::make_unique<kept_request>();
  kept->call = of.call;
  kept->mid = id_of(what);
  kept->within_retry = true;
  kept->answered = 1;
  kept->hedge = call;
  kept->copy = true;
  kept->attempt_limit = of_.requests.attempt_limit();
  of_.requests.said(id).kept = std::move(kept);
  of_.requests.note_later(id);
  of_.requests.note_copy(id);
}

bool hedging::needs_permit(bool local) const noexcept {
  return local && of_.protects.permits() != nullptr;
}

/// Without waiting, and not before others that wait.
bool hedging::take_permit(pending_id id, bool local) {
  return needs_permit(local) && !of_.line.any_lined()
         && of_.protects.permits()->try_take(
           permit_limit::request_of(id, of_.requests.said(id)));
}

bool hedging::may_go(pending_id id, time_point now, rate_turn& turn) {
  if (!of_.protects.ask_again(of_.requests, id, now, &turn))
    return false;
  if (turn.at <= now)
    return true;
  of_.protects.give_back(turn);
  return false;
}

void hedging::give_up(pending_id id, bool permit) noexcept {
  of_.protects.ended(of_.requests, id, {}, attempt_outcome::never_went, errc{});
  of_.tell();
  if (permit)
    of_.protects.permits()->give_unused(
      permit_limit::request_of(id, of_.requests.said(id)));
  auto kept = of_.requests.take_kept(id);
  of_.requests.release(id);
}

/// Another replica of this node, where one is up, or another node.
hedging::opening hedging::enter_other(pending_owner first) {
  opening at;
  at.to = enter_least_loaded(0, of_.slots.replicas(), first.slot, at.owner);
  if (at.to == nullptr)
    at.to = enter_least_loaded(slot_bank::replicas_max, of_.slots.peers(),
                               first.slot, at.owner);
  return at;
}

/// Where replicas get only what finds them idle, this does, too.
gate_slot* hedging::enter_least_loaded(size_t first, size_t count, size_t but,
                                       pending_owner& owner) {
  auto idle_only = of_.slots.idle_only() && first == 0;
  auto least = std::numeric_limits<uint32_t>::max();
  std::optional<size_t> best;
  for (auto i = first; i < first + count; ++i) {
    const auto& door = of_.slots[i].door;
    if (i == but || !door.is_open() || door.load() >= least)
      continue;
    least = door.load();
    best = i;
  }
  if (!best || (idle_only && least > 0))
    return nullptr;
  auto* to = of_.slots.enter(*best, owner);
  if (to == nullptr || !idle_only || to->door.load() == 1)
    return to;
  to->door.work_back();
  to->door.leave();
  return nullptr;
}

} // namespace bulwark::detail
