#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <optional>
#include <string>

namespace bulwark {

/// Returns what this thread works for: the name of the service whose replica
/// runs in it, or "".
std::string current_service();

/// To a connection pool, as a request: answered with `connection_offer` of its
/// type of connections, or with one of these errors, which name the pool:
///
/// - `bulkhead_timeout`: none came free within `wait`.
/// - `bulkhead_full`: as many wait already as may.
/// - `connection_failed`: none can be opened within `wait`; says why.
/// - `bulkhead_isolated`, `stopped`: the pool gives none any more.
///
///     self->request(pool.handle(), 10s, acquire_connection{})
///       .then([](const connection_offer<postgres>& x) {
///         auto db = x.take(); ...
struct acquire_connection {
  /// How long to wait; the pool's `wait` where there is nothing.
  std::optional<duration> wait = {};

  call_priority priority = call_priority::normal;

  /// Under this name its use is counted and its leaks are reported.
  std::string consumer = current_service();

  /// Whose death takes the connection back: null for nobody's; whoever asks
  /// where there is nothing.
  std::optional<caf::strong_actor_ptr> owner = {};
};

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::acquire_connection)
