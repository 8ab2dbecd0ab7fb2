#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bulwark {

/// What an error of a database says of the node that it came from, and of
/// whether to try again.
enum class database_error : uint8_t {
  /// The node is down, or its file is lost. What was under way is unknown; try
  /// again elsewhere.
  node_failed,
  /// The node is fine; the transaction met another one. Try again there.
  again,
  /// The node is not the primary, or not any more. Look for the primary.
  not_primary,
  /// The node works, but lacks memory, disk or connections. Try again
  /// elsewhere.
  degraded,
  /// The statement is wrong, whoever is asked. Give up; the node is fine.
  give_up,
};

/// Returns the name of `what` as written above.
std::string to_string(database_error what);

/// By the five characters of an SQLSTATE; an empty one, as libpq has for a
/// connection that is gone, is a node that failed.
database_error classify_sqlstate(std::string_view state) noexcept;

/// By a result code of SQLite, extended or not. @pre it is an error
database_error classify_sqlite(int code) noexcept;

/// Whether another attempt may succeed.
constexpr bool worth_another_try(database_error what) noexcept {
  return what != database_error::give_up;
}

} // namespace bulwark
