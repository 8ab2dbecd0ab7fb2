#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <cstdint>

namespace bulwark::detail {

/// What a message that reaches a gate is.
enum class arrival : uint8_t {
  /// For the service.
  client,
  /// The same, behind its `call_options`.
  call,
  /// The same, from another node's gate.
  envelope,
  /// For the gate itself: the only kind that its mailbox takes.
  own,
  /// CAF's question what an actor is.
  query,
  /// Of no use to a gate: exit messages, which anyone can send to end any
  /// actor, streams, answers, errors, and notices that it never asked for.
  refused,
};

arrival classify(const element& what) noexcept;

} // namespace bulwark::detail
