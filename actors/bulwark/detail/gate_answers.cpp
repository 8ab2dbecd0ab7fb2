#include <bulwark/detail/gate_core.hpp>
#include <bulwark/severity_rules.hpp>

#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>
#include <caf/type_erased_tuple.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

bool is_error(const caf::type_erased_tuple& content) {
  return content.match_elements<caf::error>();
}

} // namespace

void gate_core::complete(caf::mailbox_element_ptr what,
                         caf::execution_unit* eu) {
  auto id = tracked_id(what->mid);
  if (!id)
    return;
  auto won = pending_.take(*id);
  if (won.what != table::outcome::unanswered) {
    if (won.what == table::outcome::late)
      release(*id, won);
    return;
  }
  auto self = handles_.adopt_gate();
  auto& entry = pending_.payload(*id);
  auto client = std::move(entry.client);
  auto mid = entry.mid;
  stage_stack stages;
  stages.swap(entry.stages);
  // What is left of the reply's own stages is the memory that `enter` took.
  what->stages.clear();
  entry.stages.swap(what->stages);
  release(*id, won);
  if (mid.is_request()) {
    // What was sent anonymously and then delegated to us has a stage only.
    if (client || !stages.empty())
      pass_answer(std::move(what), std::move(client), mid, std::move(stages),
                  std::move(self), eu);
    return;
  }
  // A plain send: CAF delivers what its handler returns as a message, and an
  // error would end the sender.
  if (is_error(what->content()))
    dead_letter(describe(what->content().get_as<caf::error>(0)));
  else if (client && !what->content().empty())
    pass_answer(std::move(what), std::move(client), mid, {}, std::move(self),
                eu);
}

void gate_core::release(pending_id id, const table::taken& won) {
  auto& entry = pending_.payload(id);
  // Dropping the last handle of an actor runs foreign code: not before the
  // entry is free.
  auto client = std::move(entry.client);
  entry.stages.clear();
  if (!won.was_waiting)
    slots_[won.owner.slot].door.work_back();
  pending_.release(id);
}

void gate_core::forget(pending_id id) {
  if (auto won = pending_.take(id); won.what == table::outcome::late)
    release(id, won);
}

void gate_core::answer_taken(pending_id id, const caf::error& err,
                             caf::execution_unit* eu) {
  auto& entry = pending_.payload(id);
  answer(std::move(entry.client), entry.mid, std::move(entry.stages),
         handles_.adopt_gate(), err, eu);
}

void gate_core::answer_unpublished(pending_id id, const caf::error& err,
                                   caf::execution_unit* eu) {
  auto& entry = pending_.payload(id);
  auto client = std::move(entry.client);
  auto mid = entry.mid;
  stage_stack stages;
  stages.swap(entry.stages);
  pending_.release(id);
  answer(std::move(client), mid, std::move(stages), self(), err, eu);
}

caf::strong_actor_ptr gate_core::self() const {
  return caf::actor_cast<caf::strong_actor_ptr>(self_);
}

void gate_core::refuse(const caf::mailbox_element& what, errc code,
                       caf::execution_unit* eu) {
  answer(what.sender, what.mid, what.stages, self(), error_for(code), eu);
}

void gate_core::refuse_kind(const caf::mailbox_element& what,
                            caf::execution_unit* eu) {
  if (what.mid.is_request())
    refuse(what, errc::not_supported, eu);
}

void gate_core::answer(caf::strong_actor_ptr client, caf::message_id mid,
                       stage_stack stages, caf::strong_actor_ptr responder,
                       const caf::error& err, caf::execution_unit* eu) {
  if (!mid.is_request())
    return dead_letter(describe(err));
  if (!client && stages.empty())
    return;
  pass_answer(caf::make_mailbox_element(nullptr, mid, {}, err),
              std::move(client), mid, std::move(stages), std::move(responder),
              eu);
}

void gate_core::dead_letter(const std::string& reason) noexcept {
  try {
    event what;
    what.kind = event_kind::dead_letter;
    what.level = severity_of(what.kind);
    what.component = "/root/" + name_;
    what.reason = reason;
    events_.emit(std::move(what));
  } catch (...) {
    // Out of memory: the count of lost letters is not worth the process.
  }
}

void gate_core::note_refused(const char* what) noexcept {
  try {
    refused_.fetch_add(1, std::memory_order_relaxed);
    auto at = clock_.now().time_since_epoch().count();
    auto due = next_notice_.load(std::memory_order_relaxed);
    auto next = at + duration{std::chrono::seconds{1}}.count();
    if (at < due || !next_notice_.compare_exchange_strong(due, next))
      return;
    event notice;
    notice.kind = event_kind::message_refused;
    notice.level = severity_of(notice.kind);
    notice.component = "/root/" + name_;
    notice.reason = what;
    notice.with("count", std::to_string(refused_.exchange(0)));
    events_.emit(std::move(notice));
  } catch (...) {
    // As above.
  }
}

caf::error gate_core::error_for(errc code) const {
  auto words = [&]() -> std::string {
    switch (code) {
    case errc::timed_out:
      return "no answer before the deadline";
    case errc::unreachable:
      return "no connected node offers it";
    case errc::service_failed:
      return "failed too often, cools down";
    case errc::service_hung:
      return "got stuck and was replaced";
    case errc::stopped:
      return "was stopped";
    case errc::draining:
      return "its node drains and takes nothing new";
    case errc::stash_full:
      return "no replica is up and too much waits already";
    case errc::stash_expired:
      return "no replica came up in time";
    case errc::too_many_hops:
      return "delegated too many times";
    case errc::too_many_requests:
      return "too many requests in flight";
    default:
      return to_string(code);
    }
  }();
  return make_error(code, name_ + ": " + words);
}

} // namespace bulwark::detail
