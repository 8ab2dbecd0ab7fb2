#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/admission.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/inheritance.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <algorithm>
#include <exception>
#include <new>

namespace bulwark::detail {

void admission::admit(element_ptr& what, run_context eu,
                      const caf::strong_actor_ptr& stage,
                      const call_options* call) {
  if (auto id = tracked_id(*what); id && visits_next(*what, stage->get()))
    return readmit(*id, std::move(what), eu, stage);
  // Also of what is refused: its answer belongs to something, too.
  auto from = inherit(*what);
  auto code = of_.refusal();
  if (code == errc::draining && this_service() != nullptr)
    code = {};
  if (code != errc{})
    return refuse(*what, code, eu);
  if (hops_of(*what) > of_.options.hop_limit)
    return refuse(*what, errc::too_many_hops, eu);
  if (auto* permits = of_.protects.permits())
    permits->bulkhead().expect_change();
  entrance by{sender_of(*what), id_of(*what), {}, 0, call};
  auto start = of_.clock.now();
  // Nobody waits for a plain send: it has no deadline, only a last moment at
  // which the gate stops to follow it.
  by.flags = is_request(by.mid) ? 0 : plain_send_bit;
  auto wait = of_.options.timeout;
  if (call != nullptr && call->within > duration::zero() && by.flags == 0)
    wait = std::min(wait, call->within);
  by.deadline = start + wait;
  by.within_retry = from.within_retry;
  by.deadline = by.flags == 0 ? std::min(by.deadline, from.deadline)
                              : by.deadline + of_.options.grace;
  if (by.deadline <= start)
    return refuse(*what, errc::timed_out, eu);
  enter(std::move(what), by, start, eu, stage);
}

void admission::admit_call(element_ptr& what, run_context eu,
                           const caf::strong_actor_ptr& stage) {
  caf::message content;
  try {
    content = take_content(*what);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return refuse(*what, errc::not_supported, eu);
  }
  auto call = content.get_as<call_options>(0);
  replace_content(what, content.drop(1));
  if (classify(*what) != arrival::client) {
    of_.reports.refused("call options before what is no client's message",
                        of_.clock.now());
    return ends_.refuse_kind(*what, eu);
  }
  admit(what, eu, stage, &call);
}

void admission::admit_envelope(element_ptr& what, run_context eu,
                               const caf::strong_actor_ptr& stage) {
  if (auto& unread = content_of(*what).get_as<envelope>(0).unread)
    return answer_with_error(
      take_address(*what), of_.gate(),
      [&] {
        return of_.reports.cannot_travel(
          complain_unread(travel_failure::message_read, unread));
      },
      eu);
  if (auto code = of_.refusal(); code != errc{})
    return give_back(*what, code, eu);
  auto start = of_.clock.now();
  auto outer = content_of(*what).move_if_unshared<envelope>(0);
  // The sender says how long its client waits, within what this gate allows.
  auto remaining =
    std::min<duration>(std::chrono::microseconds{std::clamp<int64_t>(
                         outer.remaining_us, 0, int64_t{1} << 50)},
                       of_.options.timeout);
  if (remaining <= duration::zero())
    return ends_.refuse(*what, errc::timed_out, eu);
  auto inner = make_element(std::move(outer.client), id_of(*what),
                            std::move(outer.content));
  if (classify(*inner) != arrival::client) {
    of_.reports.refused("envelope that holds no client's message",
                        of_.clock.now());
    return ends_.refuse(*what, errc::not_supported, eu);
  }
  auto* call = outer.call == call_options{} ? nullptr : &outer.call;
  entrance by{take_sender(*what), id_of(*what), start + remaining,
              from_peer_bit,      call,         outer.later_attempt};
  enter(std::move(inner), by, start, eu, stage);
}

void admission::give_back(element& what, errc why, run_context eu) {
  if (!is_request(what) || !sender_of(what))
    return ends_.refuse(what, why, eu);
  auto content = content_of(what).move_if_unshared<envelope>(0);
  answer(what, of_.gate(), eu, std::move(content));
}

void admission::enter(element_ptr what, entrance& by, time_point now,
                      run_context eu, const caf::strong_actor_ptr& stage) {
  passage way;
  std::optional<pending_id> id;
  auto why = errc::too_many_requests;
  try {
    id = of_.requests.acquire();
    if (id && of_.protects.delays()) {
      auto refused = of_.protects.ask(of_.requests, *id, by, now, way.turn);
      of_.tell();
      if (refused) {
        of_.requests.release(*id);
        return turn_away(*what, by, *refused, eu);
      }
    }
    if (id) {
      if (by.within_retry)
        of_.requests.note_later(*id);
      if ((by.flags & from_peer_bit) == 0)
        of_.retries.begun(now);
      note(*id, *what, by);
      if ((by.flags & from_peer_bit) == 0)
        of_.count_begin(*id);
      way.id = *id;
      way.local_only = (by.flags & from_peer_bit) != 0;
      return seek_way(what, by, way, eu, stage);
    }
  } catch (...) {
    why = errc::memory_exhausted; // Its entry says nothing of it yet.
  }
  if (id) {
    of_.protects.ended(of_.requests, *id, {}, attempt_outcome::never_went, why);
    of_.protects.give_back(way.turn);
    of_.requests.release(*id);
  }
  turn_away(*what, by, permission::no(why), eu);
}

/// Notes the call in its entry, or throws and notes nothing.
void admission::note(pending_id id, element& what, entrance& by) {
  of_.requests.note(id, what, by);
  if (of_.protects.permits() != nullptr)
    permit_limit::note(of_.requests.said(id), by.call);
}

/// A client of this node, before it has an entry.
void admission::refuse(element& what, errc code, run_context eu) noexcept {
  of_.count_refused(code);
  ends_.refuse(what, code, eu);
}

void admission::turn_away(element& what, entrance& by, const permission& said,
                          run_context eu) {
  auto own = (by.flags & from_peer_bit) == 0;
  if (!is_request(by.mid)) {
    if (own)
      of_.count_refused(said.why);
    return ends_.refuse(what, said.why, eu);
  }
  auto error = [&] {
    auto why = said.text.empty()
                 ? ends_.error_for(said.why)
                 : make_error(said.why, of_.name + ": " + said.text);
    return said.retry_after > duration::zero()
             ? with_retry_after(why, said.retry_after)
             : why;
  };
  bereft_call call{{std::move(by.reply_to), by.mid, take_route(what)}};
  endings::in_place other;
  if (of_.instead.armed() && own)
    other = instead_of(call, what, by, said.why, try_make(error));
  if (own && other.value)
    of_.count_replaced();
  else if (own)
    of_.count_refused(said.why);
  if (other.waits)
    return;
  if (other.value)
    return answer_with_value(std::move(call.to), of_.gate(),
                             std::move(*other.value), eu);
  answer_with_error(std::move(call.to), of_.gate(), error, eu);
}

endings::in_place
admission::instead_of(bereft_call& call, const element& what,
                      const entrance& by, errc code,
                      std::optional<caf::error> why) noexcept {
  if (!why)
    return {}; // Out of memory.
  call.why = std::move(*why);
  call.deadline = by.deadline;
  try {
    if (by.call != nullptr)
      call.call = *by.call;
  } catch (...) {
    return {}; // Out of memory.
  }
  return ends_.instead_of(call, code, what);
}

void admission::seek_way(element_ptr& what, const entrance& by, passage& way,
                         run_context eu,
                         const caf::strong_actor_ptr& stage) noexcept {
  try {
    // Most requests have nothing of this.
    if (of_.requests.may_keep(by))
      if (auto why = keep(way.id, what, by))
        return forward_.give_up(way, *why, eu);
    if (of_.hedges.armed())
      of_.hedges.plan(way.id, of_.requests.said(way.id).kept.get(), by);
    if ((by.flags & keyed_bit) != 0)
      of_.line.join_key(way.id, by.call->key);
    if (!comes_early(*what, way) && forward_.try_forward(what, way, eu, stage))
      return;
  } catch (...) {
    return forward_.give_up(way, errc::memory_exhausted, eu);
  }
  forward_.wait_or_refuse(std::move(what), way, eu, stage);
}

/// Whether it waits for its turn, or behind others of its sender that do.
bool admission::comes_early(const element& what, const passage& way) {
  if (way.turn.tenant == nullptr
      || (way.turn.at == time_point::min() && !of_.line.anyone_early()))
    return false;
  return of_.line.comes_early(what, way);
}

/// Returns why it cannot be kept, if it is not for want of memory: to keep it
/// moves what its client made.
std::optional<caf::error> admission::keep(pending_id id, element_ptr& what,
                                          const entrance& by) {
  try {
    of_.requests.keep(id, what, by);
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return make_error(errc::not_supported,
                      of_.name + ": cannot move the message: "
                        + describe(std::current_exception()));
  }
}

void admission::readmit(pending_id id, element_ptr what, run_context eu,
                        const caf::strong_actor_ptr& stage) {
  auto word = of_.requests.word_of(id);
  if (!word)
    return;
  if (word->state == pending_state::answering
      || word->state == pending_state::abandoned)
    return ends_.forget(id); // The work ends here.
  if (word->state != pending_state::active)
    return;
  auto hops = of_.requests.mark(id).fetch_add(1, std::memory_order_relaxed);
  if (hops >= of_.options.hop_limit)
    return ends_.fail(id, std::nullopt, errc::too_many_hops, eu);
  passage way;
  way.id = id;
  way.from = *word;
  way.local_only = has_flag(*what, from_peer_bit);
  try {
    // It brings a stack of its own.
    reserve_hop(*what);
    if (forward_.try_forward(what, way, eu, stage))
      return;
  } catch (...) {
    return forward_.give_up(way, errc::memory_exhausted, eu);
  }
  forward_.wait_or_refuse(std::move(what), way, eu, stage);
}

} // namespace bulwark::detail
