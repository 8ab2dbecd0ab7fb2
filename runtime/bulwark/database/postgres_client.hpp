#pragma once

#include <bulwark/database/query_result.hpp>
#include <bulwark/database/replica_messages.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bulwark {

/// How a `postgres_client` reaches the servers of its database.
///
/// Immutable after construction.
struct postgres_client_options {
  std::vector<std::string> servers;

  /// As libpq takes them, in the same order: "host=db1 dbname=app user=app".
  std::vector<std::string> connections;

  /// How often a query is tried, and the waits between.
  retry_options retry = {};

  /// What a server has not answered by then is asked no longer: the connection
  /// is cut. At least 1 s.
  duration server_timeout = std::chrono::seconds{3};
};

/// Asks a PostgreSQL database of several servers, of which one is the primary
/// (`postgres_watch`). It looks for the primary, and classifies what goes wrong
/// by its SQLSTATE (`database_error`).
///
/// A write is one transaction, in which its request id and its answer are
/// stored (table `bulwark_answers`, made by the first write): a connection that
/// is lost during the commit, or the server's warning that the commit might not
/// have been replicated, leave it unknown, and another attempt finds out.
///
/// Positions are the server's: the timeline as `epoch`, the place in its log as
/// `sequence`.
///
/// It waits in its caller's thread. Confined to one thread.
class postgres_client {
public:
  /// @throws std::invalid_argument if an option breaks its rule
  explicit postgres_client(postgres_client_options options);

  /// @pre request.id is not empty; `request.schema` does not matter
  query_result execute_write(const write_request& request);

  /// Of the primary, which has at least what `not_older` says.
  query_result execute_query(const sql_statement& query,
                             const log_position& not_older = {});

private:
  query_result
  attempts(const std::function<void(const std::string&, query_result&)>& one);

  postgres_client_options options_;
  size_t primary_ = 0;
};

} // namespace bulwark
