#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/pool/connection_options.hpp>
#include <bulwark/pool/pool_bulkhead.hpp>

#include <optional>
#include <string>

namespace bulwark {

/// What a connection pool is made with.
///
/// Immutable after construction.
struct connection_pool_settings {
  /// Under this name it appears in errors and events.
  std::string name;

  connection_options connections = {};

  /// Who may have one, and who waits. `kind`, `capacity` and `queue_timeout`
  /// are set from `connections`: one permit per connection.
  bulkhead_options bulkhead = pool_bulkhead();

  emitter events = {};

  /// One that is there already, instead of one of its own with the options
  /// above. Beyond `connections.max` its permits wait for a connection.
  bulwark::bulkhead compartment = {};

  /// Gives the pool itself a thread, so that it answers also while all threads
  /// of the scheduler are busy.
  bool own_thread = true;
};

/// Returns what its own bulkhead is made with.
bulkhead_options bulkhead_of(const connection_pool_settings& settings);

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const connection_pool_settings& settings);

} // namespace bulwark
