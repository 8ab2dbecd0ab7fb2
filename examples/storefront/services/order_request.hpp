#pragma once

#include "api/messages.hpp"

#include <cstdint>
#include <string>

namespace storefront {

/// An order as a customer sends it: `token`, `items` (each with `product_id`
/// and `quantity`), `card` and perhaps `reference`.
///
/// Immutable after construction.
struct order_request {
  /// The customer's or, where there is none, a new one.
  std::string request_id;

  std::string token;
  std::string card;
  std::string reference;

  /// The call that asks the catalogue for prices.
  std::string quote;

  /// Equal for equal orders, whoever sends them, whenever, and with whatever
  /// card.
  std::string fingerprint;
};

/// @throws api_error
order_request parse_order(const api_call& call);

} // namespace storefront
