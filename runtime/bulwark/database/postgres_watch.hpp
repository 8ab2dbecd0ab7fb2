#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// Which PostgreSQL servers are one database.
///
/// Immutable after construction.
struct postgres_watch_options {
  /// Their names, 2 to 9, and the gates of their owners in the same order.
  std::vector<std::string> servers;
  std::vector<caf::actor> owners;

  /// So often it looks at all. 10 ms to 1 min.
  duration look_every = std::chrono::milliseconds{200};

  /// An owner that has not answered by then counts as gone; the next time it
  /// has a fifth of that.
  duration look_max = std::chrono::seconds{2};

  /// By what token the watch works, asked before each look; nothing: another
  /// one does. Unset: it is the only one.
  std::function<std::optional<uint64_t>()> token = {};

  /// Told, in words, who is the primary, who follows, who is missing.
  std::function<void(const std::string&)> notice = {};
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const postgres_watch_options& options);

/// A service that decides which of some PostgreSQL servers is the primary, and
/// has their owners (`postgres_owner`) carry it out. One of the others has each
/// write on disk before it is acknowledged (`ANY 1`); so a standby is promoted
/// only after all but one of the servers have left their primary and told where
/// they are, and the furthest of them is.
///
///     node.service("pg-watch", bulwark::postgres_watch, options).singleton();
///
/// Confined to one actor.
/// @throws std::invalid_argument if an option breaks its rule
caf::behavior postgres_watch(caf::event_based_actor* self,
                             const postgres_watch_options& options);

} // namespace bulwark
