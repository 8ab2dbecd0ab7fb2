#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace storefront {

struct message {
  std::string request_id;
  std::string recipient;
  std::string subject;
  std::string text;

  friend bool operator==(const message&, const message&) = default;
};

/// Mail on its way out: written here in a transaction, for a mail server to
/// fetch.
///
/// Confined to one actor.
class outbox_store {
public:
  explicit outbox_store(const database& owner);

  /// Returns the id of the message, which is new unless the request id was
  /// seen before; nothing when that was for another message.
  std::optional<int64_t> add(const message& what, int64_t now);

  int64_t size() const;

private:
  SQLite::Database db_;
};

} // namespace storefront
