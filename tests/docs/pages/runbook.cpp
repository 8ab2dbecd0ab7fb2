#include "docs/pages/services.hpp"

// The code of docs/runbook.md.

using namespace bulwark;
using namespace std::chrono_literals;

namespace pages {

system_health how_full(node& node) {
  auto health = node.bulkheads().health();
  return health;
}

void compartments(node& node) {
  node.isolate("external_apis", isolation::normal, "partner is slow").get();
  node.drain_bulkhead("external_apis", "new disks").get();
  node.isolate("external_apis", isolation::none, "partner is back").get();
  node.resize("external_apis", 30).get();
}

void replicas(caf::event_based_actor* self, node& node) {
  self->request(node.supervisor("reports"), 10s, terminate_child{"reports#1"});
  self->request(node.supervisor("reports"), 30s, restart_child{"reports#1"});
  self->request(node.supervisor("database"), 10s,
                fail_child{"database#1", "bad disk"});
}

} // namespace pages
