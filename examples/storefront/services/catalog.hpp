#pragma once

#include "api/service.hpp"
#include "db/products.hpp"

namespace storefront {

/// product_catalog: `action` is
/// - "get" with `product_id`: that product, or 404;
/// - "search" with `query` and perhaps `limit`: products by name;
/// - "quote" with `items`, each with `product_id` and `quantity`: the prices
///   and the `total_cents`, or 404.
///
/// Confined to one actor.
class catalog : public api_service {
public:
  explicit catalog(const database& owner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  std::string get(const input& in);
  std::string search(const input& in);
  std::string quote(const input& in);
  product known(const input& in) const;

  product_store products_;
};

} // namespace storefront
