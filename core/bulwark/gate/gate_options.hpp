#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What a gate promises its callers, and its limits.
///
/// Immutable after construction.
struct gate_options {
  /// A request without an answer after this long is answered
  /// `errc::timed_out` by the gate itself, whatever the service does. A
  /// request made while handling another one inherits the earlier deadline.
  duration timeout = std::chrono::seconds{5};

  /// After the deadline the work of an abandoned request still counts as
  /// running for at most this long.
  duration grace = std::chrono::seconds{30};

  /// What may wait while no replica is up: whichever limit is reached first.
  /// Beyond it: `errc::stash_full`. What waited in the mailbox of a crashed
  /// replica was admitted before and does not count.
  size_t stash_messages = 1000;
  size_t stash_bytes = 16 * 1024 * 1024;

  /// ... and for how long. Then: `errc::stash_expired`.
  duration stash_wait = std::chrono::seconds{10};

  /// How often one request may be delegated from gate to gate. Then:
  /// `errc::too_many_hops`.
  uint8_t hop_limit = 64;

  /// A message that is declared idempotent is tried again when a replica died
  /// on it, until so many have: then it is answered `errc::service_crashed`,
  /// or becomes a dead letter. At least 1; others are never tried again. Only
  /// the message that is to blame counts: whose handler threw, or hangs.
  uint32_t poison_limit = 3;

  /// What a replica had taken up beside that one, or when it ended for another
  /// reason, is tried again so many times if it is idempotent. Then, and if it
  /// is not, it is answered `errc::replica_lost`, or becomes a dead letter.
  /// 0: it is never tried again.
  uint32_t bystander_limit = 16;

  friend bool operator==(const gate_options&, const gate_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing:
/// "gate.hop_limit is 0; it must be at least 1".
[[nodiscard]] std::optional<std::string> validate(const gate_options& options);

} // namespace bulwark
