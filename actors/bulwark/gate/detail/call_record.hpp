#pragma once

#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/death_count.hpp>
#include <bulwark/gate/detail/hedged_call.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace bulwark::detail {

/// What is kept of a client's call: who asked, and until when. Once its first
/// attempt is published, one handle of the gate goes with it, for the sender of
/// the answer: counted, but not stored, being always the same.
struct call_record {
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

static_assert(sizeof(call_record) <= 48, "see pending_table::entry");

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

  /// How long one attempt may take; 0: as long as the call.
  duration attempt_limit = duration::zero();

  /// Attempts of the call: the first one, and retries (`call_retries`); and how
  /// many of those ended with an answer.
  uint32_t tries = 1;
  uint32_t answered = 0;

  /// It was made by the handler of another call's later attempt.
  bool within_retry = false;

  /// Whoever called must not try again what this ends with.
  bool final_above = false;

  /// Its content, where good answers to it are kept; empty: they are not.
  std::string answer_key = {};

  /// Its copy at another replica, where one may be made; and whether this is
  /// that copy.
  std::shared_ptr<hedged_call> hedge = {};
  bool copy = false;

  bool hedged() const noexcept { return hedge && hedge->copied(); }

  uint32_t attempts() const noexcept {
    return 1 + deaths.all() + answered + (hedged() ? 1 : 0);
  }
};

/// What the client said of its call. Most calls have nothing of this.
struct call_notes {
  std::unique_ptr<kept_request> kept;

  /// For the bulkhead. Atomic, because who delegates a request looks while it
  /// may be answered and its entry reused.
  std::atomic<uint32_t> tenant{0};
  std::atomic<call_priority> priority{call_priority::normal};

  bool keyed : 1 = false;

  /// Protections of the gate's own are to be told how its attempt ends.
  bool watched : 1 = false;

  /// Another node's gate has sent it, which protects it.
  bool from_peer : 1 = false;
};

// Every request looks here; it is 16 bytes with what the table adds.
static_assert(sizeof(call_notes) <= 16, "see attempt_notes");

} // namespace bulwark::detail
