#pragma once

#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/death_count.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/detail/slot.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// What is to be expected of a slot that is closed, by what was told of it
/// last: the gate may not have come to that yet. `gone`: its replica is stopped
/// and forgotten.
enum class expected_state : uint8_t {
  unused,
  coming,
  failed,
  lost,
  stopped,
  gone
};

inline bool in_use(expected_state view) noexcept {
  return view != expected_state::unused && view != expected_state::gone;
}

/// What the pending table keeps of a request. Once published, one handle of
/// the gate goes with it, for the sender of the answer: counted, but not
/// stored, being always the same.
struct pending_request {
  /// Whom the answer goes to: the client, or another node's gate.
  caf::strong_actor_ptr client;

  /// The client's own id; of an async message, if it was a plain send.
  routing_id mid;

  /// Where the answer has to pass on its way; mostly empty. An empty one
  /// keeps the memory of the last reply's for the next request.
  route_back route;

  /// In ticks of the steady clock. Atomic, because a nested request may look
  /// while the entry is being reused; it then compares generations.
  std::atomic<int64_t> deadline{0};
};

static_assert(sizeof(pending_request) <= 48, "see pending_table::entry");

/// What is kept of a message that may be needed once more: to be tried again,
/// to become a dead letter, or to say at another node what its client said.
struct kept_request {
  call_options call;

  /// Shared with what the replica gets, which copies it if it writes; empty
  /// where only `call` is of interest.
  caf::message content;

  /// The visible sender, and the id, as replicas see them.
  caf::strong_actor_ptr sender;
  routing_id mid;

  /// Its place among those that are tried again.
  uint64_t number = 0;

  /// Incarnations that died on it, or beside it.
  death_count deaths;

  /// Declared idempotent.
  bool repeatable = false;
};

/// Most requests have nothing of this.
struct beside_request {
  std::unique_ptr<kept_request> kept;

  /// What the client said, for the bulkhead. Atomic, because who delegates a
  /// request looks while it may be answered and its entry reused.
  std::atomic<uint32_t> tenant{0};
  std::atomic<call_priority> priority{call_priority::normal};

  bool keyed = false;
};

// Every request looks here; it is 16 bytes with what the table adds.
static_assert(sizeof(beside_request) <= 16, "see work_notes");

/// One seat of a gate: a local replica's or another node's.
struct gate_slot {
  slot door;

  /// Changed only while the door is closed and nobody holds it.
  caf::strong_actor_ptr handle;
  uint64_t incarnation = 0;

  /// The newest incarnation that died or was abandoned.
  std::atomic<uint64_t> dead{0};

  /// The newest one that takes nothing new, though it answers what it has.
  std::atomic<uint64_t> drained{0};

  // Guarded by the core's lock. Where the newest incarnation notes what it is
  // at.
  std::weak_ptr<child_control> control;
  uint64_t control_of = 0;
  expected_state view = expected_state::unused;
  std::string node;

  /// Whether that incarnation is to be given nothing, or nothing more.
  bool closed_for(uint64_t which) const noexcept {
    return dead.load(std::memory_order_relaxed) >= which
           || drained.load(std::memory_order_relaxed) >= which;
  }
};

/// What a message took of its bulkhead's rate.
struct rate_turn {
  /// Whose rate it is; null: it took nothing, or has passed that on.
  const std::string* tenant = nullptr;

  /// When its turn is; in the past or unset: at once.
  time_point at = time_point::min();
};

/// What a gate is told of an incarnation that ends.
struct replica_end {
  enum class kind : uint8_t {
    /// It finishes what it has taken up, and ends then.
    retires,
    dies,
  };

  uint8_t index = 0;
  uint64_t incarnation = 0;
  kind how = kind::dies;

  /// The request that it ended on; nothing: none, or that is not known.
  std::optional<pending_id> blamed = {};

  /// It ended on a request, or on something else, and does not know which:
  /// where it had taken up only one, the gate blames that one.
  bool blames_the_only_one = false;

  /// No other incarnation follows.
  bool for_good = false;

  /// It ended with its node.
  bool node_lost = false;

  pending_owner owner() const noexcept {
    return {index, static_cast<uint16_t>(incarnation)};
  }
};

/// What is known of a message that seeks its way.
struct passage {
  /// Its entry, which holds whom its answer goes to.
  pending_id id{};

  /// What its entry was before; nothing: not published yet.
  std::optional<pending_word> from;

  /// Other nodes are no way for it.
  bool local_only = false;

  /// Got a permit that has to be used or given back.
  bool granted = false;

  /// Waits with its permit: for a replica that is idle, or behind others.
  bool held = false;

  rate_turn turn{};

  /// Waits for that, or for others of its sender that do.
  bool early = false;
};

/// Returns where a message that comes in waits.
/// @pre what is beside its entry is the caller's own
inline call_priority rank_of(const element& what,
                             const beside_request& beside) {
  if (is_urgent(what))
    return call_priority::critical;
  auto background =
    beside.kept && beside.kept->call.priority == call_priority::background;
  return background && !has_flag(what, keyed_bit) ? call_priority::background
                                                  : call_priority::normal;
}

/// What is known of a message that comes in.
struct entrance {
  /// Who gets the answer, under which id.
  caf::strong_actor_ptr reply_to;
  routing_id mid;

  time_point deadline{};

  /// Bits of the tracked id.
  uint64_t flags = 0;

  /// What the client said about it; null: nothing.
  const call_options* call = nullptr;
};

} // namespace bulwark::detail
