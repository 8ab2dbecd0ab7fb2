#include "docs/pages/services.hpp"

// The code of docs/runbook.md.

using namespace bulwark;
using namespace std::chrono_literals;

namespace pages {

system_health how_full(node& node) {
  auto health = node.bulkheads().health();
  return health;
}

void compartments(caf::event_based_actor* self, node& node) {
  auto manager = node.bulkheads().handle();
  self->request(manager, 1s, at_bulkhead{"external_apis"},
                isolate_bulkhead{isolation::normal, "partner is slow"});
  self->request(manager, 1s, at_bulkhead{"external_apis"},
                drain_bulkhead{"new disks"});
  self->request(manager, 1s, at_bulkhead{"external_apis"},
                isolate_bulkhead{isolation::none, "partner is back"});
  node.resize("external_apis", 30).get();
}

void replicas(caf::event_based_actor* self, node& node) {
  self->request(node.supervisor("reports"), 10s, terminate_child{"reports#1"});
  self->request(node.supervisor("reports"), 30s, restart_child{"reports#1"});
}

} // namespace pages
