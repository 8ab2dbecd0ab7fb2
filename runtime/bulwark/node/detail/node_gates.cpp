#include <bulwark/chaos/detail/fault_door.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <set>
#include <utility>

// The gates of a node: what each is made with.

namespace bulwark::detail {

caf::actor node_core::gate_of(const std::string& service) {
  return running()
    .gates()
    .get(service, [this](const std::string& name) { return make_gate(name); })
    .handle();
}

gate node_core::found_gate(const std::string& service) {
  auto found = running().gates().find(service);
  if (!found)
    throw config_error{"service " + bulwark::quoted(service)
                       + " has no gate on this node; there is one of each "
                         "service that it declares or uses"};
  return *found;
}

/// Before the start its handle is all that can be had: what is said of it later
/// counts as well.
gate node_core::make_gate(const std::string& service) {
  if (auto complaint = validate_name("service name", service))
    throw config_error{*complaint};
  auto& sys = engine_->system();
  if (!gates_open_)
    return gate{sys,
                {.service = service,
                 .events = engine_->events(),
                 .letters = engine_->letters().box}};
  return gate{sys, settings_of_gate(service)};
}

gate_settings node_core::settings_of_gate(const std::string& service) {
  auto* here = services_.find(service);
  auto* declared = here != nullptr ? here : services_.find_remote(service);
  auto settings = declared ? declared->settings : service_settings{};
  given_.overrides.apply(service, settings);
  if (auto complaint = validate_gate(settings))
    throw config_error{"service " + service + ": " + *complaint};
  std::set<std::string> types;
  if (here != nullptr)
    types = here->factory.types(engine_->system());
  bulkhead compartment;
  if (declared && !declared->bulkhead.empty())
    compartment = bulkheads_.get(declared->bulkhead, "service " + service,
                                 engine_->system(), engine_->events());
  return {.service = service,
          .options = settings.gate,
          .events = engine_->events(),
          .letters = engine_->letters().box,
          .types = std::move(types),
          .idempotent =
            declared ? declared->idempotent : std::vector<content_type>{},
          .bulkhead = std::move(compartment),
          .one_each = settings.blocking,
          .strategy = settings.balance,
          .weights = settings.weights,
          .route = settings.route,
          .slow_start = settings.slow_start,
          .group = {settings.usage(), settings.severity_shift},
          .protections = make_protections(service, settings),
          .retry = settings.retry,
          .hedge = settings.hedge,
          .retry_budget = settings.retry_budget,
          .fallback = settings.fallback,
          .substitutes = declared ? declared->substitutes : gate_substitutes{}};
}

std::vector<std::shared_ptr<protection>>
node_core::make_protections(const std::string& service,
                            const service_settings& settings) {
  std::vector<std::shared_ptr<protection>> all;
  // First: to a breaker it is as if no call were made.
  if (given_.node.chaos)
    all.push_back(std::make_shared<fault_door>(
      faults_.port_of(service, engine_->system())));
  if (!settings.breaker)
    return all;
  auto result =
    breakers_.add(service, std::make_shared<service_breaker>(
                             engine_->system(), service, *settings.breaker,
                             engine_->events(), sharing_of(service)));
  if (auto* to = told_by_breakers_.load(); to && settings.breaker->cluster_wide)
    to->breaker_made(service, result);
  all.push_back(std::move(result));
  return all;
}

/// Before the node is in a cluster there is nobody to tell; who connects later
/// gets to know all.
breaker_sharing node_core::sharing_of(const std::string& service) {
  return {given_.node.name, engine_->boot(),
          [this, service](const breaker_knowledge& news) {
            if (const auto* to = told_by_breakers_.load())
              to->tell_breakers(service, news);
          }};
}

void node_core::make_gates() {
  gates_open_ = true;
  for (const auto& [service, early] : engine_->gates().all())
    engine_->gates().replace(
      service, early.with(engine_->system(), settings_of_gate(service)));
  for (auto* each : services_.in_start_order()) {
    if (!each->cpu_quota.empty())
      each->quota = cpu_quotas_.get(each->cpu_quota, "service " + each->name,
                                    engine_->system(), engine_->events());
    gate_of(each->name);
    engine_->gates()
      .find(each->name)
      ->declare_replicas(each->settings.replicas + each->settings.standby);
    if (given_.node.chaos)
      each->faults = faults_.port_of(each->name, engine_->system());
    for (const auto& used : each->uses)
      gate_of(used.to);
  }
  for (const auto& each : services_.remotes())
    gate_of(each);
}

} // namespace bulwark::detail
