#pragma once

#include "db/owner.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <utility>

namespace storefront {

/// Opens the file, creating it if need be, and runs `schema`, which says
/// `create ... if not exists`. A transaction that was committed is on the
/// disk: write-ahead log, synchronous = full.
SQLite::Database open_database(const database& owner, const char* schema);

/// Takes the write lock at once, so that what is read inside stays true.
inline SQLite::Transaction begin(SQLite::Database& db) {
  return SQLite::Transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
}

/// Prepares `sql` and binds `values` to its parameters, in order.
template <class... Ts>
SQLite::Statement query(const SQLite::Database& db, const char* sql,
                        const Ts&... values) {
  SQLite::Statement result{db, sql};
  [[maybe_unused]] int index = 0;
  (result.bind(++index, values), ...);
  return result;
}

/// Runs a statement that returns no rows; the result is how many rows it
/// changed.
template <class... Ts>
int execute(const SQLite::Database& db, const char* sql, const Ts&... values) {
  return query(db, sql, values...).exec();
}

/// Returns the single number that `sql` selects.
template <class... Ts>
int64_t number(const SQLite::Database& db, const char* sql,
               const Ts&... values) {
  auto row = query(db, sql, values...);
  row.executeStep();
  return row.getColumn(0).getInt64();
}

} // namespace storefront
