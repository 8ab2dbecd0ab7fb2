#include "docs/pages/services.hpp"

#include <caf/send.hpp>

// The code of docs/cluster.md, docs/protection.md and docs/redundancy.md.

using namespace bulwark;
using namespace std::chrono_literals;

namespace pages {

struct go {
  uint64_t token = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, go& x) {
  return f(caf::meta::type_name("go"), x.token);
}

struct halt {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, halt&) {
  return f(caf::meta::type_name("halt"));
}

namespace {

void copy_next_table(uint64_t) {}

} // namespace

void a_role(node& node, const caf::actor& worker) {
  auto backup = node.role("backup"); // in the setup: this node wants it
  backup.on_gained([=](uint64_t token) { caf::anon_send(worker, go{token}); })
    .on_lost([=] { caf::anon_send(worker, halt{}); });

  if (auto token = backup.token()) // anywhere, any thread
    copy_next_table(*token);
}

void a_singleton(node& node) {
  node.service("tickets", tickets, node.name()).singleton();
}

void protected_service(node& node) {
  node.service("payments", payments)
    .breaker({.recovery_timeout = 10s})
    .retry({.attempts = 3})
    .last_good({.age_max = 10min})
    .or_else_ask(node.gate("list_prices"))
    .or_else(price{0});
}

void hedged_service(node& node) {
  node.service("search", search).replicas(3).idempotent<query>().hedge();
}

void redundant_service(node& node) {
  node.service("database", database)
    .replicas(2)    // get requests
    .standby(2)     // run too, and get none until they are needed
    .min_healthy(2) // fewer that are well: a standby takes over
    .balance(bulwark::balancing_strategy::round_robin)
    .ejection() // one that only answers with errors gets nothing for a while
    .probes();  // one that does not answer gets nothing until it does
}

} // namespace pages
