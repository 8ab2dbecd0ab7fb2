#include "services/compartments.hpp"

#include <map>

namespace storefront {

namespace {

using namespace std::chrono_literals;
using bulwark::call_priority;

/// Who finds no permit waits for a moment before the customer is sent away.
bulwark::bulkhead_options room_for(uint64_t capacity,
                                   call_priority importance) {
  bulwark::bulkhead_options result;
  result.capacity = capacity;
  result.queue = 10 * capacity;
  result.queue_timeout = 1s;
  result.importance = importance;
  return result;
}

/// What is asked for orders has critical priority, and may take the reserve.
bulwark::bulkhead_options room_with_reserve(uint64_t capacity, uint64_t reserve,
                                            call_priority importance) {
  auto result = room_for(capacity, importance);
  result.reserved_for_critical = reserve;
  return result;
}

/// To hash a password keeps a processor busy for 35 ms. So that one client's
/// logins leave most of it to others, each client has a rate, and as long as
/// several wait for a permit each has its share. What orders ask costs little,
/// and is asked for all customers at once.
bulwark::bulkhead_options room_for_logins() {
  auto result = room_with_reserve(20, 10, call_priority::critical);
  result.fair = true;
  result.rate = bulwark::rate_options{.rate = 10, .burst = 20};
  result.rate_per_tenant = true;
  result.tenant_rates = {{orders_tenant, {.rate = 1000, .burst = 1000}}};
  return result;
}

using compartments = std::map<std::string, bulwark::bulkhead_options>;

const compartments& all_compartments() {
  // An order holds a permit while it asks for its prices, and the catalog works
  // in the same compartment: without a reserve thirty orders would wait for
  // each other. Anybody can ask for logins, as many as they like: they have a
  // compartment of their own, in which orders still find who their customer is.
  static const compartments result{
    {"critical_services", room_for(20, call_priority::critical)},
    {"authentication", room_for_logins()},
    {"standard_services", room_with_reserve(30, 10, call_priority::normal)},
    {"background_services", room_for(10, call_priority::background)},
    {"external_apis", room_for(15, call_priority::normal)}};
  return result;
}

} // namespace

void declare_compartments(bulwark::node& node) {
  for (const auto& [name, options] : all_compartments())
    node.bulkhead(name, options);
}

size_t requests_in_compartments() {
  size_t result = 0;
  for (const auto& [name, options] : all_compartments())
    result += options.capacity + options.queue;
  return result;
}

const std::string& compartment_of(const std::string& service) {
  static const std::map<std::string, std::string> known{
    {"user_authentication", "authentication"},
    {"payment_processing", "critical_services"},
    {"order_management", "standard_services"},
    {"product_catalog", "standard_services"},
    {"analytics_reporting", "background_services"},
    {"email_notifications", "background_services"},
    {"third_party_apis", "external_apis"}};
  return known.at(service);
}

} // namespace storefront
