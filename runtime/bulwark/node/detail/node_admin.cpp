#include <bulwark/node/detail/health_json.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/options/host_port.hpp>

#include <chrono>

namespace bulwark::detail {

node_phase node_core::phase() const noexcept {
  if (draining_)
    return node_phase::draining;
  return serving_ ? node_phase::serving : node_phase::starting;
}

/// Before anything is started, because the port may be in use.
void node_core::listen_admin() {
  if (!given_.node.admin)
    return;
  admin_ = std::make_unique<admin_server>();
  auto where = *given_.node.admin;
  where.port = admin_->listen(where);
  announcements.emplace_back("admin", to_string(where));
  if (given_.node.data_given)
    admin_->accept_changes(
      admin_token::write(given_.node.data / (given_.node.name + ".admin"),
                         given_.node.name, to_string(where)));
}

/// By what the node is changed while it runs.
control_means node_core::means() {
  control_means result;
  result.node = given_.node.name;
  result.bulkheads = engine_->bulkheads();
  result.root = root_;
  result.services = [this] { return services_status(); };
  result.supervisor = [this](const std::string& service) {
    return supervisor_of(service);
  };
  result.breaker = [this](const std::string& service) {
    return breaker_of(service);
  };
  result.log_level = [this] { return engine_->log().level(); };
  result.set_log_level = [this](log_level level) {
    engine_->log().set_level(level);
  };
  result.faults = make_fault_desk();
  result.leave = [this] { ask_to_stop(); };
  return result;
}

std::vector<gate_status> node_core::services_status() const {
  std::vector<gate_status> result;
  for (const auto& [name, each] : engine_->gates().all())
    result.push_back(each.status());
  return result;
}

/// As soon as there is a root to ask, so that who asks learns that the node is
/// starting.
void node_core::start_admin() {
  if (!admin_)
    return;
  admin_sources from;
  from.node = given_.node.name;
  from.cluster = given_.node.cluster;
  from.monitor = engine_->monitor();
  from.root = root_;
  from.phase = [this] { return phase(); };
  from.supervisor = [this](const std::string& service) {
    return supervisor_of(service);
  };
  from.services = [this] { return services_status(); };
  from.requests = [this] {
    std::vector<service_requests> result;
    for (const auto& [name, each] : engine_->gates().all())
      result.push_back({name, each.figures()});
    return result;
  };
  from.breakers = [this] {
    std::vector<breaker_figures> result;
    for (const auto& [name, each] : breakers_.all())
      result.push_back({name, each->metrics()});
    return result;
  };
  from.bulkheads = [this] { return engine_->bulkheads().stats(); };
  from.members = [this] {
    return cluster_ ? cluster_->members() : std::vector<cluster_member>{};
  };
  from.now = [] { return std::chrono::steady_clock::now(); };
  from.journal = [this] {
    const auto& journal = engine_->journal();
    return journal_figures{journal.state(), journal.stats()};
  };
  from.health = [this] { return health_json(health(), phase()); };
  admin_->start(engine_->system(), std::move(from), means(), engine_->events());
}

} // namespace bulwark::detail
