#pragma once

#include <caf/mailbox_element.hpp>

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
  /// For the gate itself.
  own,
  /// Exit messages, which anyone can send to end any actor, and streams.
  refused,
};

arrival sort(const caf::mailbox_element& what) noexcept;

} // namespace bulwark::detail
