#pragma once

#include <bulwark/database/detail/replica_owner.hpp>
#include <bulwark/database/query_result.hpp>
#include <bulwark/database/replica_error.hpp>
#include <bulwark/database/replica_messages.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/redundancy/detail/redundancy_group.hpp>
#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/replication/replication_options.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulwark {

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

  group_health health() const { return group_.health(); }

private:
  static constexpr size_t nobody = redundancy_step::nobody;

  size_t place_of(const std::string& name) const;
  const std::string& name(size_t which) const { return names_.members[which]; }
  void say(const std::string& what) const;
  void say(const redundancy_group::steps& steps) const;

  /// Runs it where the file is. @throws replica_error
  template <class F>
  auto on(size_t which, F what);
  void run(size_t which, const std::function<void(sqlite_replica&)>& what);

  query_result attempts(const std::function<void(query_result&, size_t&)>& one);
  size_t select_write_node() const;
  size_t select_read_node();
  void handle_node_error(size_t which, const replica_error& error);
  void lost(size_t which, const std::string& why);

  void write_on(size_t which, const write_request& request, query_result& into);
  void read_on(size_t which, const sql_statement& query, query_result& into);

  /// Has one of those that are up lead. @throws replica_error
  void elect(bool forced);
  void elect_if_possible();

  /// Returns who is to lead: that one, which does, or another to try.
  /// @throws replica_error
  size_t try_to_lead(size_t which, bool forced);
  void ask_all(size_t which, uint64_t epoch);
  size_t first_up() const;

  /// Sends others what they lack, all that are up. @throws replica_error
  void spread();
  void send(size_t other, std::optional<replica_shipment> next);

  database_cluster_options options_;
  replication_options names_;
  caf::actor_system& system_;
  caf::scoped_actor self_;
  redundancy_group group_;

  // Of those that are up; and of those that were ended, and may be at it still.
  std::vector<caf::actor> owners_;
  std::vector<caf::actor> ended_;
  size_t primary_ = nobody;
  size_t next_read_ = 0;
  std::string id_prefix_;
  uint64_t next_id_ = 0;
};

template <class F>
auto database_cluster::on(size_t which, F what) {
  using result = std::invoke_result_t<F, sqlite_replica&>;
  // Who is late may write it when nobody waits any more.
  auto value = std::make_shared<std::optional<result>>();
  run(which, [=](sqlite_replica& it) { *value = what(it); });
  return std::move(**value);
}

} // namespace bulwark
