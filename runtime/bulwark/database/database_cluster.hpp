#pragma once

#include <bulwark/database/query_result.hpp>
#include <bulwark/database/replica_messages.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/replication/log_position.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bulwark {

namespace detail {
class cluster_core;
} // namespace detail

/// Which files a replicated database has, and how it is asked.
///
/// Immutable after construction.
struct database_cluster_options {
  /// Where the files are: NAME.db each.
  std::filesystem::path folder;

  /// They serve: one is the primary, the others serve reads.
  std::vector<std::string> active;

  /// They are kept up to date, and serve when one of the active has failed.
  std::vector<std::string> standby = {};

  /// With fewer healthy active members a standby is promoted.
  size_t min_healthy = 1;

  /// Of the other members so many have a write on disk before it is done.
  size_t acknowledgements = 2;

  /// The primary takes writes only while its load is below.
  double load_max = 0.8;

  /// How often a query is tried, and the waits between.
  retry_options retry = {};

  /// A member that has not answered by then has failed.
  duration member_timeout = std::chrono::seconds{5};

  /// Told, in words, who failed, who serves and who is the primary.
  std::function<void(const std::string&)> notice = {};
};

/// A database of several files of SQLite, of which each has one actor as its
/// owner: it survives the loss of its primary.
///
/// Writes go to the primary, and are done when enough of the others have them
/// on disk; reads go to the active members in turn. Where the primary fails,
/// the furthest of those that are left leads, once enough have told their
/// position; else no write is taken, and the error names who is missing. A
/// member that comes back follows, and drops what nobody has acknowledged.
///
/// A write whose outcome is unknown is tried again under its request id, so
/// that it is done once.
///
/// It waits for members in the caller's thread. Confined to one thread.
class database_cluster {
public:
  /// Starts all members, and has one of them lead. @throws
  /// std::invalid_argument if an option breaks its rule
  /// @throws replica_error if a file cannot be opened
  database_cluster(caf::actor_system& system, database_cluster_options options);

  database_cluster(const database_cluster&) = delete;
  database_cluster& operator=(const database_cluster&) = delete;

  /// Ends all members.
  ~database_cluster();

  /// Reads, from one that has at least what `not_older` says.
  query_result execute_query(const sql_statement& query,
                             const log_position& not_older = {});

  /// Writes. Without an id it gets one.
  query_result execute_write(write_request request);

  /// Its work, as a share of what it can do.
  void report_load(const std::string& name, double share);

  /// Ends that member, as if its process had died. @pre it is a member
  void fail(const std::string& name);

  /// Opens its file again; it follows. @pre it is a member
  void come_back(const std::string& name);

  /// An operator has somebody lead although too few have told their position:
  /// what only the others have is lost. Told by `notice`. Returns whether
  /// anybody leads.
  bool force_primary();

  /// Who is the primary, or "".
  std::string primary() const;

  group_health health() const;

private:
  std::unique_ptr<detail::cluster_core> core_;
};

} // namespace bulwark
