#pragma once

#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/element.hpp>
#include <bulwark/gate/detail/pending_word.hpp>

#include <caf/abstract_actor.hpp>

#include <cstddef>
#include <optional>
#include <utility>

// All that depends on how CAF 0.17 routes a reply: the return path is put on
// the stages of a message, so that the reply visits it first while the client
// stays the visible sender. CAF 1.x has no stages.

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
inline routing_id tracked_mid(pending_id id, routing_id original,
                              uint64_t flags) {
  return routing_id{(original.integer_value() & routing_id::category_flag_mask)
                    | tracked_bit | flags | id.value};
}

/// Returns the tracked id of another entry, with the same flags.
inline routing_id renamed_mid(routing_id tracked, pending_id id) {
  return routing_id{(tracked.integer_value() & ~pending_mask) | id.value};
}

/// Returns whether the id is a tracked one that carries `flag`.
inline bool has_flag(routing_id mid, uint64_t flag) {
  return (mid.integer_value() & (tracked_bit | flag)) == (tracked_bit | flag);
}

inline bool has_flag(const element& what, uint64_t flag) {
  return has_flag(what.mid, flag);
}

/// Returns the pending entry that the id, of a request or a response, names.
inline std::optional<pending_id> tracked_id(routing_id mid) {
  auto bits = mid.request_id().integer_value();
  if ((bits & tracked_bit) == 0)
    return std::nullopt;
  return pending_id{bits & pending_mask};
}

inline std::optional<pending_id> tracked_id(const element& what) {
  return tracked_id(what.mid);
}

// -- where an answer passes ---------------------------------------------------

/// The actors that an answer visits before the client, the next one last.
using route_back = element::forwarding_stack;

/// Returns whether the answer to `what` visits `stage` next.
inline bool visits_next(const element& what, const caf::abstract_actor* stage) {
  return !what.stages.empty() && what.stages.back() == stage;
}

/// Returns how many actors the answer visits.
inline size_t hops_of(const element& what) noexcept {
  return what.stages.size();
}

/// Takes the memory for one hop more, so that `add_hop` cannot fail.
inline void reserve_hop(element& what) {
  what.stages.reserve(what.stages.size() + 1);
}

/// Has the answer visit `path` first. @pre `reserve_hop`
inline void add_hop(element& what, caf::strong_actor_ptr path) noexcept {
  what.stages.push_back(std::move(path));
}

inline void set_route(element& what, const route_back& route) {
  what.stages = route;
}

/// Copies the route of a request into `kept`, and reserves a hop for it. Where
/// both are empty the request gets the memory of `kept`.
/// @pre `kept` is empty
inline void note_route(element& what, route_back& kept) {
  if (what.stages.empty())
    what.stages.swap(kept);
  reserve_hop(what);
  if (!what.stages.empty())
    kept = what.stages;
}

/// Takes out of `kept` the route that `note_route` has put there, and leaves
/// the memory of the answer's own, which it has travelled, for the next one.
inline route_back take_noted_route(element& answer, route_back& kept) noexcept {
  route_back result;
  result.swap(kept);
  answer.stages.clear();
  kept.swap(answer.stages);
  return result;
}

inline route_back take_route(element& what) noexcept {
  return std::move(what.stages);
}

/// Whom an answer goes to: the one who asked, under the id of the request, by
/// way of others.
struct reply_address {
  caf::strong_actor_ptr client;
  routing_id mid;
  route_back route;

  /// Whether it is anybody's. What was sent anonymously and then delegated has
  /// a route only.
  bool somewhere() const noexcept { return client || !route.empty(); }

  /// Whether somebody there waits for an answer.
  bool waits() const noexcept { return mid.is_request() && somewhere(); }
};

/// Whether somebody waits for the answer to `what`.
inline bool wants_answer(const element& what) noexcept {
  return what.mid.is_request() && (what.sender || !what.stages.empty());
}

/// Takes out of a message whom its answer goes to.
inline reply_address take_address(element& what) noexcept {
  return {std::move(what.sender), what.mid, std::move(what.stages)};
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
/// own id and sender, or to the client as a response.
inline void pass_answer(element_ptr answer, reply_address to,
                        caf::strong_actor_ptr responder, run_context on) {
  if (to.route.empty()) {
    answer->mid = to.mid.response_id();
    answer->stages.clear();
    auto asker = std::exchange(answer->sender, std::move(responder));
    deliver(to.client, std::move(answer), on);
    drop_both(std::move(to.client), std::move(asker));
    return;
  }
  auto next = std::move(to.route.back());
  to.route.pop_back();
  answer->mid = to.mid;
  answer->stages = std::move(to.route);
  answer->sender = std::move(to.client);
  deliver(next, std::move(answer), on);
}

/// Answers `what` with one value or a `caf::message`, and takes out of it whom
/// the answer goes to; nothing, when it throws for want of memory.
/// @pre `wants_answer(what)`
template <class T>
void answer(element& what, caf::strong_actor_ptr responder, run_context on,
            T&& content) {
  auto made = make_element(nullptr, what.mid, std::forward<T>(content));
  pass_answer(std::move(made), take_address(what), std::move(responder), on);
}

} // namespace bulwark::detail
