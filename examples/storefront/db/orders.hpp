#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storefront {

struct order_line {
  int64_t product_id = 0;
  int64_t quantity = 0;
  int64_t price_cents = 0;
};

/// An order as it is placed.
struct new_order {
  std::string request_id;
  std::string user;

  /// Tells one order from another that comes under the same request id.
  std::string fingerprint;

  /// The customer's own word for it; need not be unique.
  std::string reference;

  std::vector<order_line> lines;
};

/// An order as it is stored; without a payment it is still pending.
struct order {
  int64_t id = 0;
  std::string user;
  std::string fingerprint;
  int64_t total_cents = 0;
  std::optional<int64_t> payment_id;
};

/// Orders and their lines.
///
/// Confined to one actor.
class order_store {
public:
  explicit order_store(const database& owner);

  std::optional<order> find(const std::string& request_id) const;

  /// Stores the order as pending, and returns it; under a request id that was
  /// seen before it returns that one.
  order place(const new_order& what, int64_t now);

  /// Marks it as paid; again with the same payment is harmless.
  void confirm(int64_t id, int64_t payment_id);

private:
  SQLite::Database db_;
};

} // namespace storefront
