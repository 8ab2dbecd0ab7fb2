#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storefront {

struct product {
  int64_t id = 0;
  std::string name;
  std::string category;
  int64_t price_cents = 0;

  friend bool operator==(const product&, const product&) = default;
};

/// The catalogue.
///
/// Confined to one actor.
class product_store {
public:
  explicit product_store(const database& owner);

  /// Fills an empty store with `count` products numbered from 1; the same
  /// seed gives the same products.
  void seed(int count, uint32_t seed);

  std::optional<product> find(int64_t id) const;

  /// Returns at most `limit` products whose name holds `text`, by id.
  std::vector<product> search(const std::string& text, int64_t limit) const;

private:
  SQLite::Database db_;
};

} // namespace storefront
