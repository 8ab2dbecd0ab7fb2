#pragma once

#include <array>
#include <string_view>

namespace storefront {

/// The seven services, in the order in which they may start.
inline constexpr std::array<std::string_view, 7> service_names{
  "user_authentication", "payment_processing",  "product_catalog",
  "analytics_reporting", "email_notifications", "third_party_apis",
  "order_management",
};

} // namespace storefront
