#include <bulwark/node/detail/node_faults.hpp>

#include <algorithm>
#include <chrono>

namespace bulwark::detail {

namespace {

std::shared_ptr<leased_faults> make_leases() {
  return std::make_shared<leased_faults>(
    [] { return time_point{std::chrono::steady_clock::now()}; });
}

/// Adds what a fault does to what others do.
void add_fault(const fault& what, wire_faults& to) {
  using std::chrono::milliseconds;
  switch (what.kind) {
  case fault_kind::slow_link:
    to.delay += std::chrono::duration_cast<milliseconds>(what.delay);
    break;
  case fault_kind::drop:
    to.loss = std::max(to.loss, what.rate);
    break;
  case fault_kind::cut:
    to.mute = true;
    to.unheard = true;
    break;
  default:
    to.unheard = true;
    break;
  }
}

} // namespace

node_faults::node_faults() : links_(make_leases()), disk_(make_leases()) {}

std::shared_ptr<fault_port> node_faults::port_of(const std::string& service,
                                                 caf::actor_system& sys) {
  std::lock_guard guard{lock_};
  auto& result = ports_[service];
  if (!result)
    result = std::make_shared<fault_port>(sys);
  return result;
}

std::shared_ptr<fault_port>
node_faults::find_port(const std::string& service) const {
  std::lock_guard guard{lock_};
  auto known = ports_.find(service);
  return known == ports_.end() ? nullptr : known->second;
}

std::function<wire_faults(const std::string&)>
node_faults::wire_faults_source() const {
  return [links = links_](const std::string& node) {
    wire_faults result;
    for (const auto& each : links->active())
      if (each.target == node)
        add_fault(each, result);
    return result;
  };
}

std::function<disk_trouble()> node_faults::disk_trouble_source() const {
  return [disk = disk_] {
    disk_trouble result;
    for (const auto& each : disk->active()) {
      result.full |= each.kind == fault_kind::disk_full;
      result.delay += each.delay;
    }
    return result;
  };
}

std::map<std::string, std::shared_ptr<fault_port>> node_faults::ports() const {
  std::lock_guard guard{lock_};
  return ports_;
}

void node_faults::renew(const std::string& id) {
  for (const auto& [service, port] : ports())
    static_cast<void>(port->renew(id)); // At most one of them has it.
  links_->renew(id);
  disk_->renew(id);
}

void node_faults::lift(const std::string& id) {
  for (const auto& [service, port] : ports())
    port->lift(id);
  links_->lift(id);
  disk_->lift(id);
}

} // namespace bulwark::detail
