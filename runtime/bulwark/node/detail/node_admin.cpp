#include <bulwark/node/detail/health_json.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/options/host_port.hpp>

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
  from.services = [this] {
    std::vector<gate_status> result;
    for (const auto& [name, each] : engine_->gates().all())
      result.push_back(each.status());
    return result;
  };
  from.bulkheads = [this] { return engine_->bulkheads().stats(); };
  from.journal = [this] {
    const auto& journal = engine_->journal();
    return journal_figures{journal.state(), journal.stats()};
  };
  from.health = [this] { return health_json(health(), phase()); };
  admin_->start(engine_->system(), std::move(from), engine_->events());
}

} // namespace bulwark::detail
