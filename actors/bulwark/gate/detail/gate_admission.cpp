#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <algorithm>
#include <new>

namespace bulwark::detail {

namespace {

int64_t ticks(time_point at) {
  return at.time_since_epoch().count();
}

/// Returns the deadline of `what`, or the earlier one of the request during
/// which it is made.
time_point inherited_deadline(const element& what, time_point deadline) {
  auto* running = this_service();
  if (running == nullptr || !is_request(what))
    return deadline;
  const auto* handled = running->handled();
  if (handled == nullptr)
    return deadline;
  std::optional<deadline_memory::origin> from;
  if (is_response(*handled))
    from = running->hand->memory().recall(request_number(id_of(*handled)));
  else if (auto id = running->hand->request_of(*handled))
    if (auto until = running->core->deadline_of(*id))
      from = {*until, *id};
  if (!from)
    return deadline;
  // Also where this request ends sooner: what follows its answer may not. The
  // answer to what is handed on goes to another one, and its number is that
  // one's.
  if (!tracked_id(what))
    running->hand->memory().remember(request_number(id_of(what)), *from);
  return std::min(from->deadline, deadline);
}

/// Returns the id of a message in the mailbox category in which replicas get
/// it: none with a key may pass another of that key.
routing_id seen_mid(const entrance& by) {
  if ((by.flags & keyed_bit) != 0)
    return as_normal(by.mid);
  if (by.call != nullptr && by.call->priority == call_priority::critical)
    return as_urgent(by.mid);
  return by.mid;
}

} // namespace

void gate_core::admit(element_ptr& what, run_context eu,
                      const caf::strong_actor_ptr& stage,
                      const call_options* call) {
  if (auto id = tracked_id(*what); id && visits_next(*what, stage->get()))
    return readmit(*id, std::move(what), eu, stage);
  // Also of what is refused: its answer belongs to something, too.
  auto latest = inherited_deadline(*what, time_point::max());
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code == static_cast<uint8_t>(errc::draining) && this_service() != nullptr)
    code = 0;
  if (code != 0)
    return refuse(*what, static_cast<errc>(code), eu);
  if (hops_of(*what) > options_.hop_limit)
    return refuse(*what, errc::too_many_hops, eu);
  if (permits_)
    permits_->bulkhead().expect_change();
  entrance by{sender_of(*what), id_of(*what), {}, 0, call};
  auto start = clock_.now();
  // Nobody waits for a plain send: it has no deadline, only a last moment at
  // which the gate stops to follow it.
  by.flags = is_request(by.mid) ? 0 : plain_send_bit;
  by.deadline = start + options_.timeout;
  by.deadline = by.flags == 0 ? std::min(by.deadline, latest)
                              : by.deadline + options_.grace;
  if (by.deadline <= start)
    return refuse(*what, errc::timed_out, eu);
  enter(std::move(what), std::move(by), eu, stage);
}

void gate_core::admit_call(element_ptr& what, run_context eu,
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
  if (sort(*what) != arrival::client) {
    note_refused("call options before what is no client's message");
    return refuse_kind(*what, eu);
  }
  admit(what, eu, stage, &call);
}

void gate_core::admit_envelope(element_ptr& what, run_context eu,
                               const caf::strong_actor_ptr& stage) {
  if (auto& unread = content_of(*what).get_as<envelope>(0).unread)
    return answer_with_error(
      take_address(*what), self(),
      [&] {
        return reports_.cannot_travel(
          complain_unread(travel_failure::message_read, unread));
      },
      eu);
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code != 0)
    return give_back(*what, static_cast<errc>(code), eu);
  auto start = clock_.now();
  auto outer = content_of(*what).move_if_unshared<envelope>(0);
  // The sender says how long its client waits, within what this gate allows.
  auto remaining =
    std::min<duration>(std::chrono::microseconds{std::clamp<int64_t>(
                         outer.remaining_us, 0, int64_t{1} << 50)},
                       options_.timeout);
  if (remaining <= duration::zero())
    return refuse(*what, errc::timed_out, eu);
  auto inner = make_element(std::move(outer.client), id_of(*what),
                            std::move(outer.content));
  if (sort(*inner) != arrival::client) {
    note_refused("envelope that holds no client's message");
    return refuse(*what, errc::not_supported, eu);
  }
  auto* call = outer.call == call_options{} ? nullptr : &outer.call;
  enter(
    std::move(inner),
    {take_sender(*what), id_of(*what), start + remaining, from_peer_bit, call},
    eu, stage);
}

void gate_core::enter(element_ptr what, entrance by, run_context eu,
                      const caf::strong_actor_ptr& stage) {
  passage way;
  std::optional<pending_id> id;
  std::optional<errc> code;
  try {
    id = pending_.acquire();
    if (!id)
      code = errc::too_many_requests;
    else if (rate_ && !rate_->take(way, by))
      code = errc::rate_limited;
    else
      note_entrance(*id, *what, by);
  } catch (...) {
    code = errc::memory_exhausted; // Its entry says nothing of it yet.
  }
  if (!code)
    return seek_way(*id, std::move(what), by, way, eu, stage);
  if (way.turn.tenant != nullptr)
    rate_->give_back(way.turn);
  if (id)
    pending_.release(*id);
  if (!is_request(by.mid))
    return refuse(*what, *code, eu);
  answer_with_error(
    {std::move(by.reply_to), by.mid, take_route(*what)}, self(),
    [&] { return error_for(*code); }, eu);
}

/// Notes in an entry whom the answer goes to, or throws and notes nothing.
void gate_core::note_entrance(pending_id id, element& what, entrance& by) {
  auto& entry = pending_.payload(id);
  // One hop is our own, see `set_out`.
  note_route(what, entry.route);
  entry.client = std::move(by.reply_to);
  entry.mid = by.mid;
  // A release: who looks at an entry that is reused meanwhile, `deadline_of`,
  // and finds this time then finds its old name used up.
  entry.deadline.store(ticks(by.deadline), std::memory_order_release);
  if (by.call != nullptr && !by.call->key.empty())
    by.flags |= keyed_bit;
  set_id(what, tracked_mid(id, seen_mid(by), by.flags));
  if (permits_)
    gate_permits::note(pending_.beside(id), by.call);
}

void gate_core::seek_way(pending_id id, element_ptr what, const entrance& by,
                         passage& way, run_context eu,
                         const caf::strong_actor_ptr& stage) noexcept {
  way.id = id;
  way.local_only = (by.flags & from_peer_bit) != 0;
  try {
    // Most requests have nothing of this.
    if (by.call != nullptr || by.flags == plain_send_bit
        || !idempotent_.empty()) {
      if (auto why = try_keep(id, what, by))
        return give_up(way, *why, eu);
    }
    if ((by.flags & keyed_bit) != 0)
      join_key(id, by.call->key);
    if (!(rate_ && comes_early(*what, way))
        && try_forward(what, way, eu, stage) == lane::taken)
      return;
  } catch (...) {
    return give_up(way, errc::memory_exhausted, eu);
  }
  wait_or_refuse(std::move(what), way, eu, stage);
}

void gate_core::readmit(pending_id id, element_ptr what, run_context eu,
                        const caf::strong_actor_ptr& stage) {
  auto word = pending_.word_of(id);
  if (!word)
    return;
  if (word->state == pending_state::answering
      || word->state == pending_state::abandoned)
    return forget(id); // The work ends here.
  if (word->state != pending_state::active)
    return;
  auto hops = pending_.mark(id).fetch_add(1, std::memory_order_relaxed);
  if (hops >= options_.hop_limit)
    return fail(id, std::nullopt, errc::too_many_hops, eu);
  passage way{id, *word, has_flag(*what, from_peer_bit)};
  try {
    // It brings a stack of its own.
    reserve_hop(*what);
    if (try_forward(what, way, eu, stage) == lane::taken)
      return;
  } catch (...) {
    return give_up(way, errc::memory_exhausted, eu);
  }
  wait_or_refuse(std::move(what), way, eu, stage);
}

} // namespace bulwark::detail
