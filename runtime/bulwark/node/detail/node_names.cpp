#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/actor_cast.hpp>

// What a program finds on its node by name.

namespace bulwark::detail {

bulkhead node_core::find_bulkhead(const std::string& name) {
  auto& on = running();
  return bulkheads_.get(name, "find_bulkhead", on.system(), on.events());
}

cpu_quota node_core::find_cpu_quota(const std::string& name) {
  auto& on = running();
  return cpu_quotas_.get(name, "find_cpu_quota", on.system(), on.events());
}

std::shared_ptr<service_breaker>
node_core::find_breaker(const std::string& service) {
  if (!gates_open_)
    throw config_error{"breaker of " + bulwark::quoted(service)
                       + ": gates get their breakers when the node starts; it "
                         "must be asked for in a service or a hook"};
  if (!engine_->gates().find(service))
    throw config_error{"breaker of " + bulwark::quoted(service)
                       + ": this node has no gate of that name; the service "
                         "must be declared, or its gate asked for, before"};
  return breakers_.find(service);
}

caf::actor node_core::find_supervisor(const std::string& service) {
  if (services_.find(service) == nullptr)
    throw config_error{"supervisor of " + bulwark::quoted(service)
                       + ": the service must be declared on this node"};
  return supervisor_of(service);
}

caf::actor node_core::supervisor_of(const std::string& service) const {
  std::lock_guard guard{root_state_->lock};
  auto known = root_state_->supervisors.find(service);
  if (known == root_state_->supervisors.end())
    return {};
  return caf::actor_cast<caf::actor>(known->second);
}

} // namespace bulwark::detail
