#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/completion.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/peer_answers.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>

#include <utility>

namespace bulwark::detail {

void completion::complete(element_ptr what, run_context eu) {
  auto id = tracked_id(*what);
  if (!id)
    return drop_late({}, {}, *what, eu);
  if (auto* permits = of_.protects.permits())
    permits->bulkhead().expect_change();
  auto won = of_.requests.take(*id);
  if (won.what != pending_outcome::unanswered)
    return drop_late(*id, won, *what, eu);
  auto local = slot_bank::is_local(won.owner);
  if (of_.ends_simply && local && !of_.requests.said(*id).kept)
    return answer(*id, won, std::move(what), eu);
  if (!local && content_of(*what).match_elements<envelope>())
    return seek_again(*id, won, *what, eu);
  if (!local)
    what = from_peer(std::move(what), of_.reports);
  if (of_.requests.said(*id).kept && crash_is_repeated(*id, won.owner)) {
    // Its death, which follows, finds it again.
    of_.requests.put_back(*id, won);
    return of_.arm(of_.requests.expires_of(*id));
  }
  if (of_.protects.learn_from(of_.requests, *id))
    tell_protections(*id, won.owner, *what);
  if (of_.hedges.armed() && end_hedged(*id, won, what, eu))
    return;
  // One that waits is a later attempt already: this is its first one's answer.
  if (of_.retries.armed() && is_error(*what) && !won.was_waiting
      && try_again(*id, {won.owner}, content_of(*what).get_as<caf::error>(0),
                   eu))
    return;
  finish(*id, won, std::move(what), eu);
}

/// The call ends with that. @pre the entry is the caller's own
void completion::finish(pending_id id, const request_table::taken& won,
                        element_ptr what, run_context eu) {
  if (of_.pays_extra() && is_error(*what))
    tell_attempts(id, what);
  if ((of_.requests.said(id).kept || of_.instead.armed())
      && !round_off(id, what)) {
    auto self = of_.out.adopt_gate();
    of_.count_error(id, answered_code(content_of(*what).get_as<caf::error>(0)));
    return ends_.release(id, won);
  }
  answer(id, won, std::move(what), eu);
}

/// The client gets that. @pre the entry is the caller's own
void completion::answer(pending_id id, const request_table::taken& won,
                        element_ptr what, run_context eu) {
  if (slot_bank::is_local(won.owner) && has_flag(*what, from_peer_bit))
    what = to_peer(std::move(what), of_.sys, of_.reports);
  auto self = of_.out.adopt_gate();
  auto& call = of_.requests.call_of(id);
  reply_address to{std::move(call.client), call.mid,
                   take_noted_route(*what, call.route)};
  // A plain send: CAF delivers what its handler returns as a message, to the
  // sender or to the next actor of a composition; an error would end either.
  auto asked = is_request(to.mid);
  auto failed = is_error(*what);
  if (failed)
    note_error(id, asked, content_of(*what).get_as<caf::error>(0));
  else
    of_.count_value(id);
  ends_.release(id, won);
  if (to.somewhere() && (asked || (!failed && !content_of(*what).empty())))
    pass_answer(std::move(what), std::move(to), std::move(self), eu);
}

void completion::note_error(pending_id id, bool asked, const caf::error& why) {
  if (!asked)
    ends_.to_dead_letter(id, why);
  of_.count_error(id, answered_code(why));
}

/// Nobody takes what it opens any more.
void completion::drop_late(pending_id id, const request_table::taken& won,
                           element& what, run_context eu) {
  if (won.what == pending_outcome::late) {
    if (of_.requests.said(id).watched)
      tell_protections(id, won.owner, what);
    if (of_.hedges.armed() && !is_error(what))
      learn(id);
    ends_.release(id, won);
  }
  refuse_stream(content_of(what), caf::actor_cast<caf::actor_addr>(of_.self),
                eu);
}

/// Whether its owner runs in this thread and crashes on it, and it is to be
/// tried again. @pre the entry is the caller's own
bool completion::crash_is_repeated(pending_id id, pending_owner owner) {
  const auto* running = this_service();
  if (running == nullptr || !running->crashing || running->core == nullptr
      || !running->core->has(of_) || !running->hand->ends_on(id, owner))
    return false;
  return of_.requests.repeats(id, true, of_.options);
}

void completion::tell_protections(pending_id id, pending_owner owner,
                                  const element& what) noexcept {
  auto how = attempt_outcome::value;
  errc code{};
  auto busy = duration::zero();
  if (is_error(what)) {
    const auto& why = content_of(what).get_as<caf::error>(0);
    code = answered_code(why);
    how = code == errc::service_crashed ? attempt_outcome::failed
                                        : attempt_outcome::error;
    if (code == errc{})
      busy = retry_after_of(why).value_or(busy);
  }
  of_.protects.ended(of_.requests, id, owner, how, code, busy);
  of_.tell();
}

/// Returns whether the call waits for its next attempt now.
/// @pre the entry is the caller's own
bool completion::try_again(pending_id id, const last_owner& from,
                           const caf::error& why, run_context eu) noexcept {
  auto* kept = of_.requests.said(id).kept.get();
  if (!of_.retries.may_retry(kept))
    return false;
  rate_turn turn;
  bool asked = false;
  try {
    auto now = of_.clock.now();
    auto how = ended_attempt::of(why, !slot_bank::is_local(from.owner));
    auto delay = of_.retries.backoff(
      *kept, how, now, time_point{duration{of_.requests.deadline(id)}});
    if (!delay)
      return false;
    turn.at = now + *delay;
    ++kept->answered;
    asked = of_.protects.ask_again(of_.requests, id, now, &turn);
    of_.tell();
    if (!asked)
      return false;
    of_.requests.note_tried(id, from.owner);
    auto holder = from.holds ? std::optional{from.owner} : std::nullopt;
    if (of_.line.wait_to_retry(id, holder, of_.requests.again(id), turn)) {
      of_.line.perform_deferred();
      serve_.look_after_waiting(eu);
      return true;
    }
  } catch (...) {
    // Out of memory.
  }
  if (asked) {
    of_.protects.ended(of_.requests, id, {}, attempt_outcome::never_went,
                       errc::memory_exhausted);
    of_.protects.give_back(turn);
    of_.tell();
  }
  return false;
}

/// @pre the answer is an error
void completion::tell_attempts(pending_id id, element_ptr& answer) noexcept {
  auto attempts = call_retries::told(of_.requests.said(id).kept.get());
  if (attempts == 0)
    return;
  try {
    auto told =
      with_attempts(content_of(*answer).get_as<caf::error>(0), attempts);
    replace_content(answer, caf::make_message(std::move(told)));
  } catch (...) {
    // Out of memory.
  }
}

/// Puts something else in the place of an error, keeps a good answer for the
/// time when there is none, and adds the report that the client asks for.
/// False: the call waits at the gate for what stands in for its error.
bool completion::round_off(pending_id id, element_ptr& answer) noexcept {
  const auto& said = of_.requests.said(id);
  const auto* kept = said.kept.get();
  if (said.from_peer || !of_.requests.asked(id))
    return true;
  try {
    if (is_error(*answer)) {
      const auto& why = content_of(*answer).get_as<caf::error>(0);
      auto other = ends_.instead_of(id, answered_code(why), why);
      if (other.value)
        replace_content(answer, std::move(*other.value));
      return !other.waits;
    }
    if (kept == nullptr)
      return true;
    if (!kept->answer_key.empty())
      of_.instead.put(kept->answer_key, copy_content(*answer), of_.clock.now());
    if (kept->call.report)
      replace_content(answer, with_report({.attempts = kept->attempts(),
                                           .hedged = kept->hedged()},
                                          copy_content(*answer)));
  } catch (...) {
    // Out of memory, or a type of the service's cannot be copied.
  }
  return true;
}

/// Another node's gate that closes has given it back, unhandled.
void completion::seek_again(pending_id id, const request_table::taken& won,
                            element& answer, run_context eu) {
  auto hops = of_.requests.mark(id).fetch_add(1, std::memory_order_relaxed);
  auto goes = hops < of_.options.hop_limit && !of_.requests.is_copy(id);
  auto what = goes ? unpack(id, answer) : nullptr;
  auto latest = of_.clock.now() + of_.options.stash_wait;
  if (what
      && of_.line.wait_for_others(id, won.owner, std::move(what),
                                  latest.time_since_epoch().count()))
    return serve_.look_after_waiting(eu);
  ends_.lose(id, won, errc::draining, eu);
}

/// Returns the client's message as it was sent out, or null.
element_ptr completion::unpack(pending_id id, element& answer) {
  auto flags = of_.requests.asked(id) ? 0 : plain_send_bit;
  if (of_.requests.said(id).keyed)
    flags |= keyed_bit;
  auto seen = plain_id(is_urgent(answer));
  try {
    auto outer = content_of(answer).move_if_unshared<envelope>(0);
    if (outer.unread)
      return nullptr;
    auto result =
      make_element(std::move(outer.client), tracked_mid(id, seen, flags),
                   std::move(outer.content));
    reserve_hop(*result);
    return classify(*result) == arrival::client ? std::move(result) : nullptr;
  } catch (...) {
    return nullptr; // Out of memory.
  }
}

} // namespace bulwark::detail
