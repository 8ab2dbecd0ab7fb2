// A database on four servers: two work, two stand by, and two are the least. A
// client asks it ten times; then one server cannot reach its disk any more, a
// standby takes over, and the next query is answered as if nothing had been.
#include <bulwark/bulwark.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/event_based_actor.hpp>

#include <array>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using bulwark::event_kind;

namespace {

using ask_atom = caf::atom_constant<caf::atom("ask")>;
using look_atom = caf::atom_constant<caf::atom("look")>;

/// What this program calls `database#1` to `database#4`.
constexpr std::array servers{"db-primary-1", "db-primary-2", "db-standby-1",
                             "db-standby-2"};

std::string server_of(const bulwark::event& what) {
  auto number = what.component.substr(what.component.find('#') + 1);
  return servers.at(std::stoul(number) - 1);
}

caf::behavior database(caf::event_based_actor*) {
  return {
    [](const std::string& query) -> std::string {
      if (query == "the disk is gone")
        throw std::runtime_error{query};
      return "42 rows";
    },
    // Whoever answers this with an error three times gets no more queries.
    [](bulwark::health_probe) {},
  };
}

struct office {
  caf::actor database;
  caf::actor monitor;
  std::function<bulwark::group_health()> health;
  std::function<void()> close;
};

/// Prints what became of the group; false: it is not known yet.
bool print_failover(const std::vector<bulwark::event>& events) {
  std::string told;
  bool promoted = false;
  for (const auto& each : events)
    switch (each.kind) {
    case event_kind::replica_failed:
      told += "Component " + server_of(each) + " failed (failure #"
              + std::string{*find_metadata(each, "failures")} + ")\n";
      break;
    case event_kind::standby_promoted:
      told += "Activated standby component " + server_of(each) + '\n';
      promoted = true;
      break;
    default:
      break;
    }
  if (promoted)
    std::cout << told;
  return promoted;
}

caf::behavior client(caf::event_based_actor* self, const office& of) {
  self->send(self, ask_atom::value, 0);
  return {
    [=](ask_atom, int n) {
      auto query =
        n == 10 ? std::string{"the disk is gone"} : "user " + std::to_string(n);
      self->request(of.database, caf::infinite, query)
        .then(
          [=](const std::string&) {
            std::cout << "Query " << n << " executed successfully" << std::endl;
            if (n > 10)
              return of.close();
            self->send(self, ask_atom::value, n + 1);
          },
          [=](const caf::error&) { self->send(self, look_atom::value); });
    },
    [=](look_atom) {
      self
        ->request(of.monitor, caf::infinite,
                  bulwark::recent_events_request{100, ""})
        .then([=](const bulwark::recent_events& x) {
          if (!print_failover(x.events))
            return self->send(self, look_atom::value);
          auto health = of.health();
          std::cout << "System Health: " << to_text(health)
                    << "\nCan handle failures: "
                    << (health.can_handle_failures ? "yes" : "no") << std::endl;
          self->send(self, ask_atom::value, 11);
        });
    },
  };
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.service("database", database)
      .replicas(2)
      .standby(2)
      .min_healthy(2)
      .balance(bulwark::balancing_strategy::round_robin)
      .probes({.every = 5s})
      .restart({.initial = 10s});
    auto health = [&node] {
      for (const auto& each : node.health().services)
        if (each.group)
          return *each.group;
      return bulwark::group_health{};
    };
    node
      .service("client", client,
               office{node.gate("database"), node.monitor(), health,
                      [&node] { node.stop(); }})
      .depends_on("database");
  });
}
