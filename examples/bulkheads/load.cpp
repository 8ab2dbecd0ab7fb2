#include "load.hpp"

#include <algorithm>
#include <chrono>
#include <random>

namespace compartments {

const std::map<std::string, uint64_t> compartment_sizes{
  {"critical_services", 20},
  {"standard_services", 30},
  {"background_services", 10},
  {"external_apis", 15}};

const std::map<std::string, std::string> compartment_of{
  {"user_authentication", "critical_services"},
  {"payment_processing", "critical_services"},
  {"order_management", "standard_services"},
  {"product_catalog", "standard_services"},
  {"analytics_reporting", "background_services"},
  {"email_notifications", "background_services"},
  {"third_party_apis", "external_apis"}};

size_t load_report::count(const std::string& status) const {
  return static_cast<size_t>(
    std::count_if(results.begin(), results.end(), [&](const auto& each) {
      return each.answer.status == status;
    }));
}

std::vector<user_request> some_requests(uint64_t seed, int count) {
  // Users never ask for e-mails; orders do.
  static const std::vector<std::string> types{
    "user_authentication", "payment_processing",  "order_management",
    "product_catalog",     "analytics_reporting", "third_party_apis"};
  std::mt19937_64 random{seed};
  std::vector<user_request> result;
  for (int i = 0; i < count; ++i) {
    user_request next;
    next.id = i;
    next.type = types[random() % types.size()];
    next.user = "user_" + std::to_string(i);
    next.work = std::chrono::milliseconds{100 + random() % 1901};
    next.fails = random() % 10 == 0;
    result.push_back(std::move(next));
  }
  return result;
}

} // namespace compartments
