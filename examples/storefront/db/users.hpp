#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace storefront {

/// Users, their password hashes and their sessions. Times are seconds since
/// 1970; a session is stored as the digest of its token only.
///
/// Confined to one actor.
class user_store {
public:
  explicit user_store(const database& owner);

  /// Fills an empty store with `customer01`, `customer02`, ...; the password
  /// is `secret-` and the name.
  void seed(int count, int64_t now);

  /// Returns false when the name is taken.
  bool add(const std::string& name, const std::string& password, int64_t now);

  /// Takes the same time for an unknown name as for a wrong password.
  bool check(const std::string& name, const std::string& password) const;

  /// Returns the token of a new session, and forgets those that expired.
  std::string open_session(const std::string& name, int64_t now,
                           int64_t lifetime);

  /// Returns whose session it is, nothing when unknown or expired.
  std::optional<std::string> session_user(const std::string& token,
                                          int64_t now) const;

private:
  SQLite::Database db_;
};

} // namespace storefront
