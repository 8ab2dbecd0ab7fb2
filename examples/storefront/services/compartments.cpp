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

} // namespace

void declare_compartments(bulwark::node& node) {
  node.bulkhead("critical_services", room_for(20, call_priority::critical));
  // An order holds a permit while it asks for its prices, and the catalog works
  // in the same compartment: what is asked for orders may take the reserve, or
  // thirty orders would wait for each other.
  auto standard = room_for(30, call_priority::normal);
  standard.reserved_for_critical = 10;
  node.bulkhead("standard_services", standard);
  node.bulkhead("background_services", room_for(10, call_priority::background));
  node.bulkhead("external_apis", room_for(15, call_priority::normal));
}

const std::string& compartment_of(const std::string& service) {
  static const std::map<std::string, std::string> known{
    {"user_authentication", "critical_services"},
    {"payment_processing", "critical_services"},
    {"order_management", "standard_services"},
    {"product_catalog", "standard_services"},
    {"analytics_reporting", "background_services"},
    {"email_notifications", "background_services"},
    {"third_party_apis", "external_apis"}};
  return known.at(service);
}

} // namespace storefront
