#pragma once

#include <bulwark/gate/detail/pending_word.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>

#include <optional>
#include <utility>

// All that depends on how CAF 0.17 routes a reply: the return path is put on
// the `stages` of a message, so that the reply visits it first while the
// client stays the visible sender. CAF 1.x has no stages.

namespace bulwark::detail {

/// Bit 59 of a request id: CAF counts a client's own ids up from 1, so none
/// of them has it, and an answer that bypasses the return path can match no
/// request of the client by accident.
constexpr uint64_t tracked_bit = uint64_t{1} << 59;

/// Marks what another node's gate sent: it never travels on.
constexpr uint64_t from_peer_bit = uint64_t{1} << 58;

/// Marks what the client sent without asking for an answer.
constexpr uint64_t plain_send_bit = uint64_t{1} << 57;

/// Marks what has a key.
constexpr uint64_t keyed_bit = uint64_t{1} << 56;

constexpr uint64_t pending_mask = (uint64_t{1} << 56) - 1;

/// Returns the id under which a replica sees the request, in the mailbox
/// category of the client's message.
inline caf::message_id tracked_mid(pending_id id, caf::message_id original,
                                   uint64_t flags) {
  return caf::message_id{
    (original.integer_value() & caf::message_id::category_flag_mask)
    | tracked_bit | flags | id.value};
}

/// Returns whether `mid` is a tracked id that carries `flag`.
inline bool has_flag(caf::message_id mid, uint64_t flag) {
  return (mid.integer_value() & (tracked_bit | flag)) == (tracked_bit | flag);
}

/// Returns the pending entry that `mid`, of a request or a response, names.
inline std::optional<pending_id> tracked_id(caf::message_id mid) {
  auto bits = mid.request_id().integer_value();
  if ((bits & tracked_bit) == 0)
    return std::nullopt;
  return pending_id{bits & pending_mask};
}

using stage_stack = caf::mailbox_element::forwarding_stack;

/// Returns whether the reply to `what` visits `stage` next.
inline bool visits_next(const caf::mailbox_element& what,
                        const caf::abstract_actor* stage) {
  return !what.stages.empty() && what.stages.back() == stage;
}

/// Drops two handles that mostly are of one actor, with one access to its
/// reference count.
inline void drop_both(caf::strong_actor_ptr a, caf::strong_actor_ptr b) {
  if (!a || a != b)
    return;
  auto* block = a.detach();
  b.detach();
  if (block->strong_refs.fetch_sub(2, std::memory_order_acq_rel) > 2)
    return;
  // They were the last ones, and nothing brings an actor back from zero.
  block->strong_refs.store(1, std::memory_order_relaxed);
  caf::intrusive_ptr_release(block);
}

/// Sends an answer on its way: to the next stage, which expects the request's
/// own id and sender, or to the client as a response to `mid`.
inline void pass_answer(caf::mailbox_element_ptr answer,
                        caf::strong_actor_ptr client, caf::message_id mid,
                        stage_stack stages, caf::strong_actor_ptr responder,
                        caf::execution_unit* eu) {
  if (stages.empty()) {
    answer->mid = mid.response_id();
    answer->stages.clear();
    auto asker = std::exchange(answer->sender, std::move(responder));
    client->get()->enqueue(std::move(answer), eu);
    drop_both(std::move(client), std::move(asker));
    return;
  }
  auto next = std::move(stages.back());
  stages.pop_back();
  answer->mid = mid;
  answer->stages = std::move(stages);
  answer->sender = std::move(client);
  next->get()->enqueue(std::move(answer), eu);
}

} // namespace bulwark::detail
