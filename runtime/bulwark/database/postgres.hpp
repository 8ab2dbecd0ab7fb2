#pragma once

#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/time/time.hpp>

#include <pqxx/connection>

#include <memory>
#include <optional>
#include <string>

namespace bulwark {

/// How to reach a PostgreSQL server, and how long to wait for it.
///
/// None of these limits ends a read from a server that has stopped in the
/// middle of an answer while its kernel still replies: that is what
/// `connection_options::take_back_after` is for.
///
/// Immutable after construction.
struct postgres_options {
  /// As libpq takes it: "host=db.example dbname=shop user=shop". What is set
  /// here wins over the fields below.
  std::string connection;

  /// Until the server has let us in. Rounded up to seconds, at least 2 s.
  duration connect_timeout = std::chrono::seconds{4};

  /// The server ends a statement that takes longer. Zero: never.
  duration statement_timeout = std::chrono::seconds{30};

  /// The server ends a session that leaves a transaction open for longer
  /// without doing anything in it. Zero: never.
  duration transaction_idle_timeout = std::chrono::minutes{5};

  /// What was sent and is not confirmed by the other host for so long ends the
  /// connection; so do probes on a silent one. At least 1 s.
  duration network_timeout = std::chrono::seconds{10};

  /// Under this name the server lists it.
  std::string application = "bulwark";

  /// No length of time above may be longer: server and kernel count in
  /// milliseconds, up to 2^31.
  static constexpr duration timeout_max = std::chrono::hours{24 * 24};

  friend bool operator==(const postgres_options&,
                         const postgres_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const postgres_options& options);

/// Returns what libpq is told.
std::string connection_text(const postgres_options& options);

/// A connection of libpqxx that never opens itself again: one that is broken
/// stays so until the pool has replaced it.
///
/// Confined to one thread at a time, but for `interrupt`.
class postgres_connection : public pqxx::connection {
public:
  /// @throws pqxx::broken_connection
  explicit postgres_connection(const std::string& text);

  ~postgres_connection();

  /// Has whatever waits for the server, and all that comes later, fail.
  ///
  /// Safe to call from any thread.
  void interrupt() noexcept;

private:
  // The same socket under a number that libpq cannot close, so that it can
  // never be somebody else's.
  int socket_;
};

/// How a `connection_pool` gets at a PostgreSQL server.
///
///     connection_pool<postgres> shop{sys, {.name = "shop_db"},
///                                    postgres{{"host=db dbname=shop"}}};
///
/// Safe to call from any thread.
class postgres {
public:
  using connection = postgres_connection;

  /// @throws std::invalid_argument if an option breaks its rule
  explicit postgres(const postgres_options& options);

  std::unique_ptr<connection> open() const;

  /// Asks the server. One that is in the middle of a transaction is not valid.
  bool validate(connection& what) const;

  void interrupt(connection& what) const noexcept { what.interrupt(); }

private:
  std::string text_;
};

} // namespace bulwark
