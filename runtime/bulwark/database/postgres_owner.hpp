#pragma once

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// One PostgreSQL server of a database that survives its servers.
///
/// Immutable after construction.
struct postgres_owner_options {
  std::string name;

  /// All servers, by the same names everywhere: 2 to 9. Names are small
  /// letters, digits and `-`.
  std::vector<std::string> servers;

  /// Its data, settings and log. Made if it is not there. Of one owner.
  std::filesystem::path folder;

  /// Where the programs of PostgreSQL 15 are.
  std::filesystem::path programs = "/usr/lib/postgresql/15/bin";

  /// On 127.0.0.1.
  uint16_t port = 0;

  /// Of its log it keeps at most so much for a standby that is away, in MiB;
  /// one that lacks more is made anew.
  uint64_t slot_max = 256;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const postgres_owner_options& options);

/// A service that owns one PostgreSQL server on this machine: it runs it as an
/// unprivileged user, with `fsync` on, and does what a `postgres_watch` says.
/// When it ends, the server is killed.
///
///     node.service("pg-1", bulwark::postgres_owner, options).blocking();
///
/// Confined to one actor.
/// @throws std::invalid_argument if an option breaks its rule
caf::behavior postgres_owner(caf::event_based_actor* self,
                             const postgres_owner_options& options);

} // namespace bulwark
