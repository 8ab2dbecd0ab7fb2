#pragma once

#include <bulwark/replication/replication_options.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// What one member of a replicated database has to know.
///
/// Immutable after construction.
struct database_member_options {
  /// Its file, which nobody else has open. Made if it is not there.
  std::filesystem::path file;

  /// The same on all members.
  replication_options replication;

  /// Its place in `replication.members`.
  size_t self = 0;

  /// Where to reach the members, in the same order: their gates. Its own is
  /// not used.
  std::vector<caf::actor> members;

  /// So often a primary tells the others that it is there. 1 ms to 1 min.
  duration heartbeat = std::chrono::milliseconds{100};

  /// Who has heard of no primary for so long, or up to twice as long, tries to
  /// lead. At least 3 heartbeats.
  duration patience = std::chrono::milliseconds{600};

  /// A write that is not acknowledged by then is answered as unknown; a read
  /// that waits for a state is refused. At least one heartbeat.
  duration write_max = std::chrono::seconds{2};

  /// Whether this member may begin to look for a primary, asked each time: a
  /// role of the cluster. It has the furthest lead. Unset: each member may.
  std::function<bool()> may_look = {};

  /// Told, in words, who leads, who is missing, what was dropped.
  std::function<void(const std::string&)> notice = {};
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const database_member_options& options);

/// A service that is one member of a replicated database, the owner of one
/// file of SQLite, in this process; the other members may be in others:
///
///     declare_database_messages(node);
///     node.service("db-primary-1", bulwark::database_member, options)
///       .blocking();
///
/// It takes what stands in member_requests.hpp. As the primary it ships what
/// clients write to the others, and answers when enough have it on disk; as a
/// follower it stores that, and serves reads. When no primary is heard the
/// furthest leads, once enough have told their position (sqlite_replica.hpp).
///
/// When its file fails it ends with a `replica_error`; its supervisor starts it
/// again, as a follower.
///
/// Confined to one actor.
/// @throws std::invalid_argument if an option breaks its rule
/// @throws replica_error if the file cannot be opened, or is damaged
caf::behavior database_member(caf::event_based_actor* self,
                              const database_member_options& options);

} // namespace bulwark
