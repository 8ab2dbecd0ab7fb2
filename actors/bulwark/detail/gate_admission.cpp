#include <bulwark/detail/gate_core.hpp>
#include <bulwark/detail/message_size.hpp>
#include <bulwark/detail/running_service.hpp>
#include <bulwark/detail/sort.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

/// How often a message tries the fast lane again because a slot opened while
/// it was about to wait. Each time some replica came up and died in between.
constexpr int tries_max = 1000;

int64_t ticks(time_point at) {
  return at.time_since_epoch().count();
}

} // namespace

time_point gate_core::inherited_deadline(const caf::mailbox_element& what,
                                         time_point deadline) const {
  auto* running = this_service();
  if (running == nullptr || !what.mid.is_request())
    return deadline;
  auto* handled = running->self->current_mailbox_element();
  if (handled == nullptr)
    return deadline;
  std::optional<time_point> earlier;
  if (handled->mid.is_response())
    earlier =
      running->memory->recall(handled->mid.request_id().integer_value());
  else if (auto id = tracked_id(handled->mid); id && running->core != nullptr)
    earlier = running->core->deadline_of(*id);
  if (!earlier)
    return deadline;
  // Also where this request ends sooner: what follows its answer may not.
  running->memory->remember(what.mid.request_id().integer_value(), *earlier);
  return std::min(*earlier, deadline);
}

void gate_core::admit(caf::mailbox_element_ptr what, caf::execution_unit* eu,
                      const caf::strong_actor_ptr& stage) {
  if (auto id = tracked_id(what->mid); id && visits_next(*what, stage->get()))
    return readmit(*id, std::move(what), eu, stage);
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code == static_cast<uint8_t>(errc::draining) && this_service() != nullptr)
    code = 0;
  if (code != 0)
    return refuse(*what, static_cast<errc>(code), eu);
  if (what->stages.size() > options_.hop_limit)
    return refuse(*what, errc::too_many_hops, eu);
  auto mid = what->mid;
  auto client = what->sender;
  auto start = clock_.now();
  // Nobody waits for a plain send: it has no deadline, only a last moment at
  // which the gate stops to follow it.
  auto flags = mid.is_request() ? uint64_t{0} : plain_send_bit;
  auto deadline = start + options_.timeout;
  deadline = flags == 0 ? inherited_deadline(*what, deadline)
                        : deadline + options_.grace;
  if (deadline <= start)
    return refuse(*what, errc::timed_out, eu);
  enter(std::move(what), std::move(client), mid, deadline, flags, eu, stage);
}

void gate_core::admit_envelope(caf::mailbox_element_ptr what,
                               caf::execution_unit* eu,
                               const caf::strong_actor_ptr& stage) {
  auto code = refusing_.load(std::memory_order_relaxed);
  if (code != 0)
    return refuse(*what, static_cast<errc>(code), eu);
  auto start = clock_.now();
  auto mid = what->mid;
  auto outer = what->content().move_if_unshared<envelope>(0);
  // The sender says how long its client waits, within what this gate allows.
  auto remaining =
    std::min<duration>(std::chrono::microseconds{std::clamp<int64_t>(
                         outer.remaining_us, 0, int64_t{1} << 50)},
                       options_.timeout);
  if (remaining <= duration::zero())
    return refuse(*what, errc::timed_out, eu);
  auto inner = caf::make_mailbox_element(std::move(outer.client), mid, {},
                                         std::move(outer.content));
  if (sort(*inner) != arrival::client) {
    note_refused("envelope that holds no client's message");
    return refuse(*what, errc::not_supported, eu);
  }
  enter(std::move(inner), std::move(what->sender), mid, start + remaining,
        from_peer_bit, eu, stage);
}

void gate_core::enter(caf::mailbox_element_ptr what,
                      caf::strong_actor_ptr reply_to, caf::message_id mid,
                      time_point deadline, uint64_t flags,
                      caf::execution_unit* eu,
                      const caf::strong_actor_ptr& stage) {
  auto id = pending_.acquire();
  if (!id)
    return answer(std::move(reply_to), mid, std::move(what->stages), self(),
                  error_for(errc::too_many_requests), eu);
  auto& entry = pending_.payload(*id);
  if (what->stages.empty())
    what->stages.swap(entry.stages);
  else
    entry.stages = what->stages;
  entry.client = std::move(reply_to);
  entry.mid = mid;
  entry.deadline.store(ticks(deadline), std::memory_order_relaxed);
  what->mid = tracked_mid(*id, mid, flags);
  bool local_only = (flags & from_peer_bit) != 0;
  if (try_forward(what, *id, std::nullopt, local_only, eu, stage)
      == lane::closed)
    wait_or_refuse(std::move(what), *id, std::nullopt, local_only, eu, stage);
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
  auto from = *word;
  bool local_only = has_flag(what->mid, from_peer_bit);
  if (try_forward(what, id, from, local_only, eu, stage) == lane::closed)
    wait_or_refuse(std::move(what), id, from, local_only, eu, stage);
}

void gate_core::wait_or_refuse(caf::mailbox_element_ptr what, pending_id id,
                               std::optional<pending_word> from,
                               bool local_only, caf::execution_unit* eu,
                               const caf::strong_actor_ptr& stage) {
  auto bytes = message_size(sys_, what->content());
  std::optional<errc> code;
  for (int i = 0; i < tries_max && !code; ++i) {
    code = try_wait(what, id, from, local_only, bytes);
    if (!code && !what)
      return arm(pending_.expires_of(id));
    if (!code
        && try_forward(what, id, from, local_only, eu, stage) == lane::taken)
      return;
  }
  auto err = error_for(code.value_or(errc::too_many_requests));
  if (!from)
    return answer_unpublished(id, err, eu);
  auto won = pending_.take(id);
  if (won.what == table::outcome::unanswered)
    answer_taken(id, err, eu);
  if (won.what != table::outcome::nothing)
    release(id, won);
}

std::optional<errc> gate_core::try_wait(caf::mailbox_element_ptr& what,
                                        pending_id id,
                                        std::optional<pending_word> from,
                                        bool local_only, size_t bytes) {
  std::lock_guard guard{lock_};
  if (open_replicas_ > 0 || (!local_only && open_peers_ > 0))
    return std::nullopt; // The fast lane is open again.
  if (auto code = hopeless(local_only))
    return code;
  if (!stash_.fits(bytes))
    return errc::stash_full;
  auto expires =
    std::min(pending_.payload(id).deadline.load(std::memory_order_relaxed),
             ticks(clock_.now() + options_.stash_wait));
  auto owner_before = from ? std::optional{from->owner} : std::nullopt;
  if (!from) {
    set_out(*what);
    pending_.publish(id, {}, pending_state::waiting, expires);
  } else if (!pending_.restamp(id, *from, waiting_word, expires)) {
    return errc::timed_out; // Answered meanwhile: `take` will find nothing.
  }
  if (owner_before)
    slots_[owner_before->slot].door.work_back();
  stash_.arrive(std::move(what), bytes);
  return std::nullopt;
}

} // namespace bulwark::detail
