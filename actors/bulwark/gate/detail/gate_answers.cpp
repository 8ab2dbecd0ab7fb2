#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/peer_answers.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

bool is_error(const content_view& content) {
  return content.match_elements<caf::error>();
}

} // namespace

void gate_core::complete(element_ptr what, run_context eu) {
  auto id = tracked_id(*what);
  if (!id)
    return refuse_stream(content_of(*what), address(), eu);
  if (permits_)
    permits_->bulkhead().expect_change();
  auto won = pending_.take(*id);
  if (won.what != table::outcome::unanswered) {
    if (won.what == table::outcome::late)
      release(*id, won);
    // Nobody takes what it opens any more.
    return refuse_stream(content_of(*what), address(), eu);
  }
  auto local = slot_bank::is_local(won.owner);
  if (!local && content_of(*what).match_elements<envelope>())
    return seek_again(*id, won, *what, eu);
  if (!local)
    what = from_peer(std::move(what), reports_);
  if (pending_.beside(*id).kept && crash_is_repeated(*id, won.owner)) {
    // Its death, which follows, finds it again.
    pending_.put_back(*id, won);
    return arm(pending_.expires_of(*id));
  }
  // A failure may be fast, and says nothing about how long work takes.
  if (adapts() && !is_error(content_of(*what)))
    learn(*id, false);
  if (local && has_flag(*what, from_peer_bit))
    what = to_peer(std::move(what), sys_, reports_);
  auto self = handles_.adopt_gate();
  auto& entry = pending_.payload(*id);
  reply_address to{std::move(entry.client), entry.mid,
                   take_noted_route(*what, entry.route)};
  // A plain send: CAF delivers what its handler returns as a message, to the
  // sender or to the next actor of a composition; an error would end either.
  auto asked = is_request(to.mid);
  bool failed = !asked && is_error(content_of(*what));
  if (failed)
    to_dead_letter(*id, content_of(*what).get_as<caf::error>(0));
  release(*id, won);
  if (to.somewhere() && (asked || (!failed && !content_of(*what).empty())))
    pass_answer(std::move(what), std::move(to), std::move(self), eu);
}

void gate_core::release(pending_id id, const table::taken& won) noexcept {
  auto& entry = pending_.payload(id);
  // Dropping the last handle of an actor runs foreign code: not before the
  // entry is free.
  auto client = std::move(entry.client);
  entry.route.clear();
  std::unique_ptr<kept_request> kept;
  if (auto& beside = pending_.beside(id); beside.kept || beside.keyed)
    kept = take_kept(id);
  if (!won.was_waiting)
    slots_[won.owner.slot].door.work_back();
  if (permits_)
    return release_with_permit(id, won);
  pending_.release(id);
}

void gate_core::release_with_permit(pending_id id,
                                    const table::taken& won) noexcept {
  auto wish = request_for(id);
  auto gives = !won.was_waiting && slot_bank::is_local(won.owner);
  bool others_may_go = false;
  if (won.was_waiting) {
    std::lock_guard guard{lock_};
    permits_->left(id);
    others_may_go = rate_ && rate_->left(id);
  }
  pending_.release(id);
  if (others_may_go)
    poke_gate();
  if (gives) {
    permits_->give(wish);
    if (slots_.idle_only())
      serve_idle();
  }
  if (permits_->owing())
    pay_debts();
}

void gate_core::forget(pending_id id) {
  if (auto won = pending_.take(id); won.what == table::outcome::late)
    release(id, won);
}

void gate_core::answer_taken(pending_id id, gate_reason why,
                             run_context eu) noexcept {
  auto& entry = pending_.payload(id);
  auto responder = handles_.adopt_gate();
  if (!is_request(entry.mid))
    return to_dead_letter(id, why);
  answer_with_error(
    {std::move(entry.client), entry.mid, std::move(entry.route)},
    std::move(responder), [&] { return error_of(why); }, eu);
}

void gate_core::answer_unpublished(pending_id id, gate_reason why,
                                   run_context eu) noexcept {
  auto& entry = pending_.payload(id);
  reply_address to{std::move(entry.client), entry.mid, std::move(entry.route)};
  if (!is_request(to.mid))
    to_dead_letter(id, why);
  auto kept = take_kept(id);
  pending_.release(id);
  answer_with_error(
    std::move(to), self(), [&] { return error_of(why); }, eu);
}

/// Takes who sent it, and where its answer has to pass.
void gate_core::refuse(element& what, errc code, run_context eu) noexcept {
  auto to = take_address(what);
  if (is_request(what))
    return answer_with_error(
      std::move(to), self(), [&] { return error_for(code); }, eu);
  try {
    lost_message lost;
    lost.sender = std::move(to.client);
    try {
      lost.content = copy_content(what);
    } catch (...) {
      // Its types are its client's, and cannot be copied.
    }
    lost.gate = self_;
    lost.reason = describe(error_for(code));
    reports_.lost(std::move(lost));
  } catch (...) {
    // Out of memory.
  }
}

void gate_core::refuse_kind(element& what, run_context eu) {
  refuse_stream(content_of(what), address(), eu);
  if (is_request(what))
    refuse(what, errc::not_supported, eu);
}

void gate_core::note_refused(const char* what) noexcept {
  reports_.refused(what, clock_.now());
}

} // namespace bulwark::detail
