#pragma once

#include <bulwark/database/member_requests.hpp>
#include <bulwark/database/query_result.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// How a `database_client` reaches the members of its database.
///
/// Immutable after construction.
struct database_client_options {
  /// As `replication_options` says, and their gates in the same order.
  std::vector<std::string> names;
  std::vector<caf::actor> members;

  /// How often a query is tried, each time with another member unless one is
  /// known to lead, and the waits between.
  retry_options retry = {};

  /// A member that has not answered by then is asked no longer; what it was
  /// asked is unknown.
  duration member_timeout = std::chrono::seconds{3};
};

/// Asks a replicated database whose members are services (`database_member`),
/// here or on other nodes: writes ask the primary, which it looks for; reads go
/// to the members in turn, and where one does not have what is asked for, to
/// the primary.
///
/// A write whose outcome is unknown is tried again under its request id, so
/// that it is done once.
///
/// It waits in its caller's thread. Confined to one thread.
class database_client {
public:
  /// @throws std::invalid_argument if an option breaks its rule
  database_client(caf::actor_system& system, database_client_options options);

  /// Reads, from one that has at least what `not_older` says.
  query_result execute_query(const sql_statement& query,
                             const log_position& not_older = {});

  /// Writes. Without an id it gets one that no other client has.
  query_result execute_write(write_request request);

  /// Asks one member. `done` is false where it does not answer.
  database_reply ask(size_t which, const write_request& what);
  database_reply ask(size_t which, const database_read& what);

private:
  template <class Request>
  query_result attempts(const Request& what, size_t first);
  template <class Request>
  database_reply asked(size_t which, const Request& what);
  void learn(size_t which, const database_reply& reply);
  void wait(duration length);

  database_client_options options_;
  caf::scoped_actor self_;
  size_t primary_ = 0;
  size_t next_ = 0;
  std::string id_prefix_;
  uint64_t next_id_ = 0;
};

} // namespace bulwark
