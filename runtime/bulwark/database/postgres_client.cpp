#include <bulwark/database/detail/deadline_cut.hpp>
#include <bulwark/database/postgres.hpp>
#include <bulwark/database/postgres_client.hpp>
#include <bulwark/database/replica_error.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <pqxx/errorhandler>
#include <pqxx/result_iterator.hxx>
#include <pqxx/transaction>

#include <stdexcept>
#include <string_view>
#include <thread>

namespace bulwark {

using namespace option_checks;

namespace {

complaint fault_of(const postgres_client_options& o) {
  if (o.servers.empty() || o.servers.size() != o.connections.size())
    return said("client.connections", shown(uint64_t{o.connections.size()}),
                "as many as client.servers, and at least one");
  return first_of(validate(o.retry),
                  within("client.server_timeout", o.server_timeout,
                         std::chrono::seconds{1}, option_duration_max));
}

/// Sees the warning of a commit that no standby may have.
class replication_warnings : public pqxx::errorhandler {
public:
  explicit replication_warnings(pqxx::connection_base& of)
    : pqxx::errorhandler(of) {}

  bool operator()(const char text[]) noexcept override {
    if (std::string_view{text}.find("might not have been replicated")
        != std::string_view::npos)
      seen_ = true;
    return false;
  }

  bool seen() const noexcept { return seen_; }

private:
  bool seen_ = false;
};

std::string text_of(const pqxx::result& rows) {
  if (rows.columns() == 0)
    return std::to_string(rows.affected_rows());
  std::string result;
  for (const auto& row : rows) {
    if (!result.empty())
      result += '\n';
    for (const auto& field : row)
      result += (field.num() == 0 ? "" : "|") + std::string{field.c_str()};
  }
  return result;
}

pqxx::result run_values(pqxx::work& work, const sql_statement& what) {
  return what.values.empty()
           ? work.exec(what.sql)
           : work.exec_params(what.sql,
                              pqxx::prepare::make_dynamic_params(what.values));
}

/// Of a primary. @throws replica_error if it is a standby
log_position position_in(pqxx::work& work) {
  if (work.exec1("select pg_is_in_recovery()")[0].as<bool>())
    throw replica_error{database_error::not_primary, "it is a standby"};
  auto row = work.exec1("select ('x' || substr(pg_walfile_name("
                        "pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint,"
                        " (pg_current_wal_insert_lsn() - '0/0')::bigint");
  return {row[0].as<uint64_t>(), row[1].as<uint64_t>(), 0};
}

/// Does it, unless it is done: then it returns the answer of that time.
void run_once(pqxx::work& work, const write_request& request,
              query_result& into) {
  // An earlier attempt may still be at it, in a session that nobody reads.
  work.exec_params("select pg_advisory_xact_lock(hashtext($1))", request.id);
  work.exec("create table if not exists bulwark_answers (request text primary "
            "key, answer text not null)");
  auto known = work.exec_params("update bulwark_answers set answer = answer "
                                "where request = $1 returning answer",
                                request.id);
  if (!known.empty()) {
    // Its commit may still wait for a standby; this one waits behind it.
    into.result = known[0][0].c_str();
    return;
  }
  for (const auto& each : request.statements)
    into.result = text_of(run_values(work, each));
  work.exec_params("insert into bulwark_answers values ($1, $2)", request.id,
                   into.result);
}

/// Whether a write that fails now may have been done: during its commit.
void commit_or_doubt(pqxx::work& work, const replication_warnings& warnings,
                     query_result& into) {
  into.unknown = true;
  work.commit();
  if (warnings.seen())
    throw replica_error{database_error::again,
                        "it might not have been replicated"};
  into.unknown = false;
}

} // namespace

postgres_client::postgres_client(postgres_client_options options)
  : options_(std::move(options)) {
  if (auto bad = fault_of(options_))
    throw std::invalid_argument{*bad};
  // A server that is frozen is connected to by its kernel, and says nothing.
  for (auto& each : options_.connections)
    each = connection_text({.connection = each,
                            .connect_timeout = options_.server_timeout,
                            .statement_timeout = options_.server_timeout});
}

query_result postgres_client::execute_write(const write_request& request) {
  return attempts([&](const std::string& where, query_result& into) {
    postgres_connection connection{where};
    detail::deadline_cut cut{connection, options_.server_timeout};
    replication_warnings warnings{connection};
    pqxx::work work{connection};
    position_in(work);
    run_once(work, request, into);
    into.where = position_in(work);
    commit_or_doubt(work, warnings, into);
  });
}

query_result postgres_client::execute_query(const sql_statement& query,
                                            const log_position& not_older) {
  return attempts([&](const std::string& where, query_result& into) {
    postgres_connection connection{where};
    detail::deadline_cut cut{connection, options_.server_timeout};
    pqxx::work work{connection};
    into.where = position_in(work);
    if (further(not_older, into.where))
      throw replica_error{database_error::not_primary,
                          "it was replaced, at " + to_string(into.where)};
    into.result = text_of(run_values(work, query));
  });
}

query_result postgres_client::attempts(
  const std::function<void(const std::string&, query_result&)>& one) {
  query_result result;
  auto unknown = false;
  for (;;) {
    auto kind = database_error::node_failed;
    result.unknown = false;
    try {
      one(options_.connections[primary_], result);
      result.success = true;
      result.executed_on = options_.servers[primary_];
      result.error.clear();
      return result;
    } catch (const replica_error& e) {
      kind = e.kind();
      result.error = e.what();
    } catch (const pqxx::sql_error& e) {
      kind = classify_sqlstate(e.sqlstate());
      result.error = e.what();
      // The server has answered: it is not done.
      result.unknown = result.unknown && kind == database_error::node_failed;
    } catch (const std::exception& e) {
      result.error = e.what();
    }
    unknown = unknown || result.unknown;
    result.unknown = unknown;
    result.error = options_.servers[primary_] + ": " + result.error;
    ++result.retry_count;
    if (!worth_another_try(kind)
        || result.retry_count >= options_.retry.attempts)
      return result;
    if (kind != database_error::again)
      primary_ = (primary_ + 1) % options_.servers.size();
    std::this_thread::sleep_for(
      retry_backoff(options_.retry, result.retry_count, 0.5));
  }
}

} // namespace bulwark
