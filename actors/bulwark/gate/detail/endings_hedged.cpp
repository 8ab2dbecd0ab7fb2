#include <bulwark/gate/detail/endings.hpp>

#include <utility>

// Calls that may be under way twice.

namespace bulwark::detail {

/// Whether a call's own attempt, which no value came of, waits for its copy.
/// What ends a call as a whole ends it at once.
/// @pre the entry was won
bool endings::waits_for_copy(pending_id id, const request_table::taken& won,
                             gate_reason why) noexcept {
  const auto* kept = of_.requests.said(id).kept.get();
  if (won.was_waiting || why.kind() == errc::stopped || kept == nullptr
      || !kept->hedge || kept->copy)
    return false;
  of_.protects.ended(of_.requests, id, won.owner, attempt_outcome::failed,
                     why.kind());
  of_.tell();
  return wait_for_copy(id, won) == hedged_call::next::waits;
}

hedged_call::next
endings::wait_for_copy(pending_id id,
                       const request_table::taken& won) noexcept {
  auto& said = of_.requests.said(id);
  // From then on it may be somebody else's.
  auto hedge = said.kept->hedge;
  auto request = permit_limit::request_of(id, said);
  try {
    of_.requests.note_tried(id, won.owner);
  } catch (...) {
    // Out of memory: it may be tried there again.
  }
  auto next = hedge->failed([&] {
    of_.requests.put_back(id, {pending_outcome::unanswered, {}, true});
  });
  if (next != hedged_call::next::waits)
    return next;
  of_.slots[won.owner.slot].door.work_back();
  if (of_.protects.permits() != nullptr && slot_bank::is_local(won.owner))
    give_permit(request);
  return next;
}

void endings::copy_failed(const std::shared_ptr<hedged_call>& call,
                          std::optional<caf::error> why) noexcept {
  if (!call->copy_failed(std::move(why)))
    return;
  of_.hedges.note_failed(call);
  of_.pokes.poke();
}

/// Ends a copy, which has no client; or a call, for which its copy has brought
/// a value. False: neither is the case.
bool endings::ends_hedged(pending_id id, gate_reason why,
                          run_context eu) noexcept {
  const auto* kept = of_.requests.said(id).kept.get();
  if (kept == nullptr || !kept->hedge)
    return false;
  auto hedge = kept->hedge;
  if (kept->copy) {
    auto responder = of_.out.adopt_gate();
    copy_failed(hedge, try_make([&] { return error_of(why); }));
    return true;
  }
  auto value = hedge->take_value();
  hedge->end();
  if (!value)
    return false;
  try {
    if (kept->call.report)
      value =
        with_report({.attempts = kept->attempts(), .hedged = true}, *value);
  } catch (...) {
    return false; // Out of memory: without its report it is no answer.
  }
  of_.count_value(id);
  auto& call = of_.requests.call_of(id);
  answer_with_value({std::move(call.client), call.mid, std::move(call.route)},
                    of_.out.adopt_gate(), std::move(*value), eu);
  return true;
}

} // namespace bulwark::detail
