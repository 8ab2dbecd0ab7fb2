#include <bulwark/detail/foreign_content.hpp>
#include <bulwark/detail/gate_core.hpp>
#include <bulwark/detail/message_size.hpp>
#include <bulwark/detail/replica_seat.hpp>
#include <bulwark/detail/running_service.hpp>
#include <bulwark/detail/sort.hpp>

#include <algorithm>
#include <exception>

namespace bulwark::detail {

namespace {

/// How often a message tries the fast lane again because a slot opened while
/// it was about to wait. Each time some replica came up and died in between.
constexpr int tries_max = 1000;

int64_t ticks(time_point at) {
  return at.time_since_epoch().count();
}

/// Returns the deadline of `what`, or the earlier one of the request during
/// which it is made.
time_point inherited_deadline(const caf::mailbox_element& what,
                              time_point deadline) {
  auto* running = this_service();
  if (running == nullptr || !what.mid.is_request())
    return deadline;
  const auto* handled = running->handled();
  if (handled == nullptr)
    return deadline;
  std::optional<deadline_memory::origin> from;
  if (handled->mid.is_response())
    from = running->memory->recall(handled->mid.request_id().integer_value());
  else if (auto id = running->seat->request_of(*handled))
    if (auto until = running->core->deadline_of(*id))
      from = {*until, *id};
  if (!from)
    return deadline;
  // Also where this request ends sooner: what follows its answer may not. The
  // answer to what is handed on goes to another one, and its number is that
  // one's.
  if (!tracked_id(what.mid))
    running->memory->remember(what.mid.request_id().integer_value(), *from);
  return std::min(from->deadline, deadline);
}

/// Returns the id of a message in the mailbox category in which replicas get
/// it: none with a key may pass another of that key.
caf::message_id seen_mid(const entrance& by) {
  if ((by.flags & keyed_bit) != 0)
    return by.mid.with_category(caf::message_id::normal_message_category);
  if (by.call != nullptr && by.call->priority == call_priority::critical)
    return by.mid.with_category(caf::message_id::urgent_message_category);
  return by.mid;
}

} // namespace

void gate_core::admit(caf::mailbox_element_ptr what, caf::execution_unit* eu,
                      const caf::strong_actor_ptr& stage,
                      const call_options* call) {
  if (auto id = tracked_id(what->mid); id && visits_next(*what, stage->get()))
    return readmit(*id, std::move(what), eu, stage);
  // Also of what is refused: its answer belongs to something, too.
  auto latest = inherited_deadline(*what, time_point::max());
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code == static_cast<uint8_t>(errc::draining) && this_service() != nullptr)
    code = 0;
  if (code != 0)
    return refuse(*what, static_cast<errc>(code), eu);
  if (what->stages.size() > options_.hop_limit)
    return refuse(*what, errc::too_many_hops, eu);
  if (permits_)
    permits_->bulkhead().expect_change();
  entrance by{what->sender, what->mid, {}, 0, call};
  auto start = clock_.now();
  // Nobody waits for a plain send: it has no deadline, only a last moment at
  // which the gate stops to follow it.
  by.flags = by.mid.is_request() ? 0 : plain_send_bit;
  by.deadline = start + options_.timeout;
  by.deadline = by.flags == 0 ? std::min(by.deadline, latest)
                              : by.deadline + options_.grace;
  if (by.deadline <= start)
    return refuse(*what, errc::timed_out, eu);
  enter(std::move(what), std::move(by), eu, stage);
}

void gate_core::admit_call(caf::mailbox_element_ptr what,
                           caf::execution_unit* eu,
                           const caf::strong_actor_ptr& stage) {
  caf::message content;
  try {
    content = what->move_content_to_message();
  } catch (...) {
    return refuse(*what, errc::not_supported, eu);
  }
  auto call = content.get_as<call_options>(0);
  auto inner =
    caf::make_mailbox_element(std::move(what->sender), what->mid,
                              std::move(what->stages), content.drop(1));
  if (sort(*inner) != arrival::client) {
    note_refused("call options before what is no client's message");
    return refuse_kind(*inner, eu);
  }
  admit(std::move(inner), eu, stage, &call);
}

void gate_core::admit_envelope(caf::mailbox_element_ptr what,
                               caf::execution_unit* eu,
                               const caf::strong_actor_ptr& stage) {
  if (auto& unread = what->content().get_as<envelope>(0).unread)
    return send_error(std::move(what->sender), what->mid,
                      std::move(what->stages), self(),
                      reports_.cannot_travel(
                        complain_unread(travel_failure::message_read, unread)),
                      eu);
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code != 0)
    return give_back(*what, static_cast<errc>(code), eu);
  auto start = clock_.now();
  auto outer = what->content().move_if_unshared<envelope>(0);
  // The sender says how long its client waits, within what this gate allows.
  auto remaining =
    std::min<duration>(std::chrono::microseconds{std::clamp<int64_t>(
                         outer.remaining_us, 0, int64_t{1} << 50)},
                       options_.timeout);
  if (remaining <= duration::zero())
    return refuse(*what, errc::timed_out, eu);
  auto inner = caf::make_mailbox_element(std::move(outer.client), what->mid, {},
                                         std::move(outer.content));
  if (sort(*inner) != arrival::client) {
    note_refused("envelope that holds no client's message");
    return refuse(*what, errc::not_supported, eu);
  }
  auto* call = outer.call == call_options{} ? nullptr : &outer.call;
  enter(std::move(inner),
        {std::move(what->sender), what->mid, start + remaining, from_peer_bit,
         call},
        eu, stage);
}

void gate_core::enter(caf::mailbox_element_ptr what, entrance by,
                      caf::execution_unit* eu,
                      const caf::strong_actor_ptr& stage) {
  passage way;
  auto code = errc::too_many_requests;
  auto id = pending_.acquire();
  if (id && rate_ && !rate_->take(way, by)) {
    code = errc::rate_limited;
    pending_.release(*std::exchange(id, std::nullopt));
  }
  if (!id && !by.mid.is_request())
    return refuse(*what, code, eu);
  if (!id)
    return send_error(std::move(by.reply_to), by.mid, std::move(what->stages),
                      self(), error_for(code), eu);
  auto& entry = pending_.payload(*id);
  if (what->stages.empty())
    what->stages.swap(entry.stages);
  else
    entry.stages = what->stages;
  entry.client = std::move(by.reply_to);
  entry.mid = by.mid;
  entry.deadline.store(ticks(by.deadline), std::memory_order_relaxed);
  if (by.call != nullptr && !by.call->key.empty())
    by.flags |= keyed_bit;
  what->mid = tracked_mid(*id, seen_mid(by), by.flags);
  if (permits_)
    gate_permits::note(pending_.beside(*id), by.call);
  // Most requests have nothing of this.
  if (by.call != nullptr || by.flags == plain_send_bit || !idempotent_.empty())
    try {
      keep(*id, what, by);
    } catch (...) {
      // To keep it moves what its client made.
      auto why = name_ + ": cannot move the message: "
                 + describe(std::current_exception());
      return answer_unpublished(*id, make_error(errc::not_supported, why), eu);
    }
  if ((by.flags & keyed_bit) != 0)
    join_key(*id, by.call->key);
  way.id = *id;
  way.local_only = (by.flags & from_peer_bit) != 0;
  if ((rate_ && comes_early(*what, way))
      || try_forward(what, way, eu, stage) == lane::closed)
    wait_or_refuse(std::move(what), way, eu, stage);
}

void gate_core::readmit(pending_id id, caf::mailbox_element_ptr what,
                        caf::execution_unit* eu,
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
  if (hops >= options_.hop_limit) {
    auto won = pending_.take(id);
    if (won.what == table::outcome::unanswered)
      answer_taken(id, error_for(errc::too_many_hops), eu);
    if (won.what != table::outcome::nothing)
      release(id, won);
    return;
  }
  passage way{id, *word, has_flag(what->mid, from_peer_bit)};
  if (try_forward(what, way, eu, stage) == lane::closed)
    wait_or_refuse(std::move(what), way, eu, stage);
}

void gate_core::wait_or_refuse(caf::mailbox_element_ptr what, passage way,
                               caf::execution_unit* eu,
                               const caf::strong_actor_ptr& stage) {
  auto id = way.id;
  auto bytes = message_size(what->content());
  std::optional<errc> code;
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
  if (way.granted)
    permits_->give(wish_for(id));
  if (way.turn.tenant != nullptr)
    rate_->give_back(way.turn);
  auto err = error_for(code.value_or(errc::too_many_requests));
  if (!way.from)
    return answer_unpublished(id, err, eu);
  auto won = pending_.take(id);
  if (won.what == table::outcome::unanswered)
    answer_taken(id, err, eu);
  if (won.what != table::outcome::nothing)
    release(id, won);
}

std::optional<errc> gate_core::try_wait(caf::mailbox_element_ptr& what,
                                        passage& way, size_t bytes) {
  std::lock_guard guard{lock_};
  auto id = way.id;
  bool lined = false;
  way.held = false;
  auto rank = !way.from                  ? rank_of(*what, pending_.beside(id))
              : what->is_high_priority() ? call_priority::critical
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
  if (way.turn.tenant != nullptr)
    wait += rate_->note(way, *what, rank);
  auto expires =
    std::min(pending_.payload(id).deadline.load(std::memory_order_relaxed),
             ticks(clock_.now() + wait));
  if (!way.from) {
    set_out(*what);
    pending_.publish(id, {}, pending_state::waiting, expires);
  } else if (!pending_.restamp(id, *way.from, waiting_word, expires)) {
    if (lined)
      leave_line(way);
    return errc::timed_out; // Answered meanwhile: `take` will find nothing.
  } else {
    slots_[way.from->owner.slot].door.work_back();
    if (permits_ && gate_permits::has_one(*way.from) && !way.held)
      permits_->owe(wish_for(id));
  }
  if (has_flag(what->mid, keyed_bit))
    keys_.wait(id);
  stash_.arrive(std::move(what), bytes, rank);
  return std::nullopt;
}

} // namespace bulwark::detail
