#pragma once

#include <bulwark/database/database_cluster.hpp>
#include <bulwark/database/detail/replica_owner.hpp>
#include <bulwark/database/replica_error.hpp>
#include <bulwark/redundancy/detail/redundancy_group.hpp>
#include <bulwark/replication/replication_options.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What a `database_cluster` is made of; its members are as documented there.
///
/// Confined to one thread.
class cluster_core {
public:
  /// Starts all members, and has one of them lead. @throws
  /// std::invalid_argument if an option breaks its rule
  /// @throws replica_error if a file cannot be opened
  cluster_core(caf::actor_system& system, database_cluster_options options);

  cluster_core(const cluster_core&) = delete;
  cluster_core& operator=(const cluster_core&) = delete;

  /// Ends all members.
  ~cluster_core();

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
auto cluster_core::on(size_t which, F what) {
  using result = std::invoke_result_t<F, sqlite_replica&>;
  // Who is late may write it when nobody waits any more.
  auto value = std::make_shared<std::optional<result>>();
  run(which, [=](sqlite_replica& it) { *value = what(it); });
  return std::move(**value);
}

} // namespace bulwark::detail
