#include "services/declare.hpp"

#include "services/analytics.hpp"
#include "services/authentication.hpp"
#include "services/catalog.hpp"
#include "services/compartments.hpp"
#include "services/email.hpp"
#include "services/names.hpp"
#include "services/order_actor.hpp"
#include "services/payment.hpp"
#include "services/service_actor.hpp"
#include "services/shipping.hpp"

#include <bulwark/options/config_error.hpp>

#include <algorithm>
#include <sstream>
#include <type_traits>

namespace storefront {

namespace {

database own(bulwark::node& node, const std::string& service) {
  auto file = node.data() / (service + ".db");
  try {
    return std::make_shared<database_owner>(file, node.name());
  } catch (const std::exception& e) {
    throw bulwark::config_error("--data: " + std::string{e.what()});
  }
}

/// Declares a service whose `Service` takes its database and `xs`.
template <class Service, class... Ts>
void declare(bulwark::node& node, const service_plan& plan,
             const std::string& name, const Ts&... xs) {
  if (!plan.names.contains(name))
    return;
  service_factory make = [owner = own(node, name), xs...] {
    return std::make_unique<Service>(owner, xs...);
  };
  auto declared = node.service(name, service_actor, make, plan.chaos);
  declared.blocking().bulkhead(compartment_of(name));
  // It only reads.
  if constexpr (std::is_same_v<Service, catalog>)
    declared.template idempotent<api_call>();
}

used_service use(bulwark::node& node, const std::string& name) {
  return {
    name,
    node.gate(name),
    {.priority = bulwark::call_priority::critical, .tenant = orders_tenant}};
}

void declare_orders(bulwark::node& node, const service_plan& plan) {
  const std::string name = "order_management";
  if (!plan.names.contains(name))
    return;
  order_services services{
    use(node, "user_authentication"), use(node, "product_catalog"),
    use(node, "payment_processing"),  use(node, "email_notifications"),
    use(node, "analytics_reporting"), use(node, "third_party_apis")};
  node.service(name, order_actor, own(node, name), services, plan.chaos)
    .blocking()
    .bulkhead(compartment_of(name))
    .depends_on("user_authentication", "product_catalog", "payment_processing")
    .uses_optional("email_notifications", "analytics_reporting",
                   "third_party_apis");
}

} // namespace

std::set<std::string> parse_services(const std::string& list) {
  std::set<std::string> known{service_names.begin(), service_names.end()};
  if (list == "all")
    return known;
  std::set<std::string> result;
  std::istringstream text{list};
  for (std::string name; std::getline(text, name, ',');) {
    if (!known.contains(name))
      throw bulwark::config_error("--services: there is no service '" + name
                                  + "'");
    result.insert(name);
  }
  return result;
}

void declare_services(bulwark::node& node, const service_plan& plan) {
  declare_compartments(node);
  declare<authentication>(node, plan, "user_authentication");
  declare<payment>(node, plan, "payment_processing");
  declare<catalog>(node, plan, "product_catalog");
  declare<analytics>(node, plan, "analytics_reporting");
  declare<email>(node, plan, "email_notifications");
  declare<shipping>(node, plan, "third_party_apis", plan.partner);
  declare_orders(node, plan);
}

} // namespace storefront
