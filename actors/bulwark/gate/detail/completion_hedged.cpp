#include <bulwark/gate/detail/completion.hpp>

#include <caf/make_message.hpp>

#include <utility>

// Replies to calls that may be under way twice.

namespace bulwark::detail {

/// Whether the reply is a copy's, or an error that waits for the copy.
/// @pre the entry is the caller's own, and its attempt has ended
bool completion::end_hedged(pending_id id, const request_table::taken& won,
                            element_ptr& what, run_context eu) {
  const auto* kept = of_.requests.said(id).kept.get();
  if (kept == nullptr || !kept->hedge)
    return false;
  auto call = kept->hedge;
  if (kept->copy) {
    end_copy(id, won, call, std::move(what), eu);
    return true;
  }
  if (is_error(*what)) {
    auto next =
      won.was_waiting ? hedged_call::next::alone : ends_.wait_for_copy(id, won);
    if (next == hedged_call::next::answered)
      if (auto value = call->take_value())
        replace_content(what, std::move(*value));
    return next == hedged_call::next::waits;
  }
  learn(id);
  if (auto loser = call->end(); loser && of_.requests.answer_early(*loser)) {
    auto self = of_.out.adopt_gate();
    leave_work(*loser);
  }
  return false;
}

/// Its permit is given back first: the work is done.
void completion::end_copy(pending_id id, const request_table::taken& won,
                          const std::shared_ptr<hedged_call>& call,
                          element_ptr what, run_context eu) {
  auto self = of_.out.adopt_gate();
  auto failed = is_error(*what);
  if (!failed)
    learn(id);
  ends_.release(id, won);
  if (failed)
    return ends_.copy_failed(call, content_of(*what).get_as<caf::error>(0));
  bool early = false;
  auto win = [&] {
    early = of_.requests.answer_early(call->id());
    return early
           || of_.requests.restamp(call->id(), waiting_word,
                                   {0, {}, pending_state::taken},
                                   of_.requests.expires_of(call->id()));
  };
  if (!call->copy_won(win, [&] { return take_content(*what); }))
    return;
  if (early)
    return answer_early(call->id(), std::move(what), eu);
  finish(call->id(), {pending_outcome::unanswered, {}, true}, std::move(what),
         eu);
  of_.line.purge();
}

/// The work on the call's own attempt goes on, with its permit.
/// @pre `answer_early` has won the entry
void completion::answer_early(pending_id id, element_ptr what, run_context eu) {
  round_off(id, what);
  auto& call = of_.requests.call_of(id);
  auto self = of_.out.adopt_gate();
  reply_address to{std::move(call.client), call.mid,
                   take_noted_route(*what, call.route)};
  of_.count_value(id);
  leave_work(id);
  if (to.somewhere())
    pass_answer(std::move(what), std::move(to), std::move(self), eu);
}

/// As at a deadline: what comes back is late, and what was not begun is
/// skipped. @pre `answer_early` has won the entry
void completion::leave_work(pending_id id) noexcept {
  auto until = of_.requests.deadline(id) + of_.options.grace.count();
  try {
    if (auto word = of_.requests.word_of(id))
      of_.requests.note_overdue(id, controls_.progress_of(word->owner), until);
  } catch (...) {
    // Out of memory: it is given up at that time.
  }
  if (auto back = of_.requests.finish_early(id, until)) {
    of_.protects.ended(of_.requests, id, *back, attempt_outcome::never_went,
                       errc{});
    ends_.release(id, {pending_outcome::late, *back, false});
  } else {
    of_.arm(until);
  }
}

/// How long an attempt took that brought a value.
/// @pre the entry is the caller's own
void completion::learn(pending_id id) noexcept {
  const auto* kept = of_.requests.said(id).kept.get();
  if (kept != nullptr && kept->hedge)
    of_.hedges.learn(kept->hedge->since(of_.clock.now(), kept->copy));
}

void completion::take_up_failed(run_context eu) {
  for (const auto& call : of_.hedges.take_failed())
    take_up(call, eu);
}

/// Tries a call again whose attempt and copy have failed, or answers it with
/// the error that came last.
void completion::take_up(const std::shared_ptr<hedged_call>& call,
                         run_context eu) {
  auto failed = call->take_failure();
  auto id = call->id();
  if (!failed
      || !of_.requests.restamp(id, waiting_word, {0, {}, pending_state::taken},
                               of_.requests.expires_of(id)))
    return; // Answered meanwhile.
  auto why = failed->why.value_or(ends_.error_for(errc::memory_exhausted));
  if (try_again(id, {failed->at, false}, why, eu))
    return;
  finish(id, {pending_outcome::unanswered, {}, true},
         make_element(nullptr, of_.requests.said(id).kept->mid,
                      caf::make_message(std::move(why))),
         eu);
}

} // namespace bulwark::detail
