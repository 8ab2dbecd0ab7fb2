#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/gate/detail/endings.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

#include <utility>

namespace bulwark::detail {

void endings::fail(pending_id id, std::optional<pending_owner> only,
                   gate_reason why, run_context eu) noexcept {
  auto won = of_.requests.take(id, only);
  if (won.what == pending_outcome::unanswered)
    return lose(id, won, why, eu);
  if (won.what != pending_outcome::nothing)
    release(id, won);
}

void endings::lose(pending_id id, const request_table::taken& won,
                   gate_reason why, run_context eu) noexcept {
  if (of_.hedges.armed() && waits_for_copy(id, won, why))
    return;
  answer(id, won, why, eu);
  release(id, won);
}

void endings::answer(pending_id id, const request_table::taken& won,
                     gate_reason why, run_context eu) noexcept {
  of_.protects.ended(of_.requests, id, won.owner,
                     won.was_waiting ? attempt_outcome::never_went
                                     : attempt_outcome::failed,
                     why.kind());
  of_.tell();
  if (of_.hedges.armed() && ends_hedged(id, why, eu))
    return;
  auto& call = of_.requests.call_of(id);
  auto responder = of_.out.adopt_gate();
  if (!is_request(call.mid)) {
    of_.count_error(id, why.kind());
    return to_dead_letter(id, why);
  }
  auto other = instead_of(id, why.kind(), why);
  count_end(id, why, other.value.has_value());
  if (other.waits)
    return;
  if (other.value)
    return answer_with_value(
      {std::move(call.client), call.mid, std::move(call.route)},
      std::move(responder), std::move(*other.value), eu);
  auto attempts = call_retries::told(of_.requests.said(id).kept.get());
  answer_with_error(
    {std::move(call.client), call.mid, std::move(call.route)},
    std::move(responder),
    [&] {
      auto told = error_of(why);
      return attempts > 0 ? with_attempts(told, attempts) : told;
    },
    eu);
}

void endings::answer_unpublished(pending_id id, gate_reason why,
                                 run_context eu) noexcept {
  of_.protects.ended(of_.requests, id, {}, attempt_outcome::never_went,
                     why.kind());
  of_.tell();
  auto& call = of_.requests.call_of(id);
  if (!is_request(call.mid))
    to_dead_letter(id, why);
  auto other = instead_of(id, why.kind(), why);
  count_end(id, why, other.value.has_value());
  reply_address to{std::move(call.client), call.mid, std::move(call.route)};
  call.route.clear();
  auto kept = take_kept(id);
  of_.requests.release(id);
  if (other.waits)
    return;
  if (other.value)
    return answer_with_value(std::move(to), of_.gate(), std::move(*other.value),
                             eu);
  answer_with_error(
    std::move(to), of_.gate(), [&] { return error_of(why); }, eu);
}

/// By what the client gets; an error where another service or a function may
/// stand in for it yet.
void endings::count_end(pending_id id, gate_reason why, bool value) noexcept {
  if (value)
    of_.count_value(id);
  else
    of_.count_error(id, why.kind());
}

std::unique_ptr<kept_request> endings::take_kept(pending_id id) noexcept {
  auto& said = of_.requests.said(id);
  auto kept = of_.requests.take_kept(id);
  auto keyed = said.keyed;
  said.keyed = false;
  if (keyed && of_.line.leave_key(id))
    of_.pokes.poke();
  return kept;
}

void endings::release(pending_id id, const request_table::taken& won) noexcept {
  auto& call = of_.requests.call_of(id);
  // Dropping the last handle of an actor runs foreign code: not before the
  // entry is free.
  auto client = std::move(call.client);
  call.route.clear();
  std::unique_ptr<kept_request> kept;
  if (auto& said = of_.requests.said(id); said.kept || said.keyed)
    kept = take_kept(id);
  if (kept && kept->hedge && !kept->copy)
    kept->hedge->end();
  // Nobody has told how the work of a hedge's loser ended.
  if (of_.requests.said(id).watched)
    of_.protects.ended(of_.requests, id, won.owner, attempt_outcome::failed,
                       errc::timed_out);
  if (!won.was_waiting)
    of_.slots[won.owner.slot].door.work_back();
  if (of_.protects.permits() != nullptr)
    return release_permit(id, won);
  if (won.was_waiting && of_.protects.delays())
    leave_line(id);
  of_.requests.release(id);
}

void endings::release_permit(pending_id id,
                             const request_table::taken& won) noexcept {
  auto request = permit_limit::request_of(id, of_.requests.said(id));
  auto gives = !won.was_waiting && slot_bank::is_local(won.owner);
  if (won.was_waiting)
    leave_line(id);
  of_.requests.release(id);
  if (gives)
    give_permit(request);
  of_.line.perform_deferred();
}

void endings::give_permit(const permit_request& request) noexcept {
  of_.protects.permits()->give(request);
  // Something may wait with its permit for a replica that is idle.
  if (of_.slots.idle_only()) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (of_.line.any_lined())
      of_.pokes.poke();
  }
}

void endings::leave_line(pending_id id) noexcept {
  if (of_.line.left(id))
    of_.pokes.poke();
}

void endings::forget(pending_id id) noexcept {
  auto won = of_.requests.take(id);
  if (won.what != pending_outcome::late)
    return;
  of_.protects.ended(of_.requests, id, won.owner, attempt_outcome::never_went,
                     errc{});
  of_.tell();
  release(id, won);
}

void endings::end_unbegun(pending_id id, pending_owner owner, errc why,
                          run_context eu) noexcept {
  auto won = of_.requests.take(id, owner);
  if (won.what == pending_outcome::nothing)
    return;
  of_.protects.ended(of_.requests, id, owner, attempt_outcome::never_went, why);
  if (won.what == pending_outcome::unanswered)
    answer(id, won, why, eu);
  of_.tell();
  release(id, won);
}

void endings::to_dead_letter(pending_id id, gate_reason why) noexcept {
  try {
    lost_message lost;
    if (const auto* kept = of_.requests.said(id).kept.get()) {
      lost.sender = kept->sender;
      lost.content = kept->content;
      lost.call = kept->call;
    }
    lost.gate = of_.self;
    lost.reason = describe(error_of(why));
    of_.reports.lost(std::move(lost));
  } catch (...) {
    // Out of memory.
  }
}

/// Takes who sent it, and where its answer has to pass.
void endings::refuse(element& what, errc code, run_context eu) noexcept {
  auto to = take_address(what);
  if (is_request(what))
    return answer_with_error(
      std::move(to), of_.gate(), [&] { return error_for(code); }, eu);
  try {
    lost_message lost;
    lost.sender = std::move(to.client);
    try {
      lost.content = copy_content(what);
    } catch (...) {
      // Its types are its client's, and cannot be copied.
    }
    lost.gate = of_.self;
    lost.reason = describe(error_for(code));
    of_.reports.lost(std::move(lost));
  } catch (...) {
    // Out of memory.
  }
}

void endings::refuse_kind(element& what, run_context eu) {
  refuse_stream(content_of(what), caf::actor_cast<caf::actor_addr>(of_.self),
                eu);
  if (is_request(what))
    refuse(what, errc::not_supported, eu);
}

caf::error endings::error_for(errc code) const {
  return code == errc::no_such_service
           ? error_nowhere()
           : gate_error(code, of_.name, of_.protects.bulkhead());
}

caf::error endings::error_of(gate_reason why) const {
  return why.err != nullptr ? *why.err : error_for(why.code);
}

/// @pre the lock of the line is not held
caf::error endings::error_nowhere() const {
  auto text = of_.name + ": no node offers a service of that name";
  auto nearest = of_.line.with_doors(
    [](doors& all) { return all.expected().peers().nowhere().value_or(""); });
  if (!nearest.empty())
    text += "; the nearest name is " + nearest;
  return make_error(errc::no_such_service, std::move(text));
}

} // namespace bulwark::detail
