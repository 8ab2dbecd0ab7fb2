#pragma once

#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/time/time.hpp>

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace bulwark {

/// Which file of SQLite, and how it is opened.
///
/// Immutable after construction.
struct sqlite_options {
  std::filesystem::path file;

  /// Otherwise it is opened for reading only.
  bool writable = true;

  /// The file is made if it is not there. Only with `writable`.
  bool create = true;

  /// How long a statement waits for another connection that writes. At most
  /// `busy_timeout_max`: SQLite counts in milliseconds, up to 2^31.
  duration busy_timeout = std::chrono::seconds{3};

  static constexpr duration busy_timeout_max = std::chrono::hours{24 * 24};

  /// Run on every new connection, after the write-ahead log was switched on
  /// and foreign keys were.
  std::string setup = {};

  friend bool operator==(const sqlite_options&,
                         const sqlite_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const sqlite_options& options);

/// How a `connection_pool` gets at a file of SQLite.
///
///     connection_pool<sqlite> stock{sys, {.name = "stock_db"},
///                                   sqlite{{"/var/lib/shop/stock.db"}}};
///
/// Safe to call from any thread.
class sqlite {
public:
  using connection = SQLite::Database;

  /// @throws std::invalid_argument if an option breaks its rule
  explicit sqlite(sqlite_options options);

  /// A transaction that was committed is on the disk: write-ahead log,
  /// synchronous = full.
  /// @throws SQLite::Exception
  std::unique_ptr<connection> open() const;

  /// One that is in the middle of a transaction is not valid.
  bool validate(connection& what) const;

  /// Has the statement that runs fail with SQLITE_INTERRUPT.
  void interrupt(connection& what) const noexcept;

private:
  sqlite_options options_;
};

} // namespace bulwark
