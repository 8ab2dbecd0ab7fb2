#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace storefront {

/// What is charged, to whom, and for what.
struct charge {
  std::string request_id;
  std::string user;
  int64_t amount_cents = 0;
  std::string card_last4;

  /// The payer's own word for it; need not be unique.
  std::string reference;

  friend bool operator==(const charge&, const charge&) = default;
};

/// Payments and a ledger with two lines for each, whose sum is always zero.
///
/// Confined to one actor.
class payment_store {
public:
  explicit payment_store(const database& owner);

  /// Returns the id of the payment, which is new unless the request id was
  /// seen before; nothing when it was seen with another charge.
  std::optional<int64_t> pay(const charge& what, int64_t now);

  std::optional<charge> find(int64_t id) const;

  /// Returns the sum of the ledger: zero, or the books are wrong.
  int64_t imbalance() const;

private:
  SQLite::Database db_;
};

} // namespace storefront
