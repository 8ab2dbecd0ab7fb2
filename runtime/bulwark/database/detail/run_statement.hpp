#pragma once

#include <bulwark/database/detail/statement_guard.hpp>
#include <bulwark/database/replica_messages.hpp>

#include <string>

namespace SQLite {
class Database;
} // namespace SQLite

namespace bulwark::detail {

/// Runs a client's statement, which may do no more than is allowed. Returns
/// what `write_answer` says, at most 1 MiB.
/// @throws SQLite::Exception
/// @throws replica_error `give_up` where it would do something else, stands
///         beside another one, or has a longer answer
std::string run_statement(SQLite::Database& db, const sql_statement& what,
                          statement_kind allowed);

} // namespace bulwark::detail
