// Nodes that stop, come and are away while others ask for what they offer:
// over real connections, because the order of what travels on them matters.

#include "runtime/cluster/island.hpp"

#include <bulwark/cluster/detail/hello.hpp>

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using bulwark::event_kind;
using test::island;

namespace {

/// Clients of one node that ask for a service until they are destroyed.
class askers {
public:
  askers(island& from, const std::string& service, size_t n) {
    auto gate = from.gate(service).handle();
    for (size_t i = 0; i < n; ++i)
      threads_.emplace_back([this, &from, gate] {
        caf::scoped_actor self{from.system()};
        while (!done_) {
          self->request(gate, caf::infinite, std::string{"it"})
            .receive([&](const std::string&) { ++answered_; },
                     [&](const caf::error& why) {
                       std::lock_guard guard{lock_};
                       failures_.insert(self->system().render(why));
                     });
        }
      });
  }

  ~askers() { end(); }

  askers(const askers&) = delete;
  askers& operator=(const askers&) = delete;

  size_t answered() const { return answered_; }

  /// Ends, and returns what went wrong.
  std::set<std::string> end() {
    done_ = true;
    for (auto& each : threads_)
      if (each.joinable())
        each.join();
    return failures_;
  }

private:
  std::atomic<bool> done_{false};
  std::atomic<size_t> answered_{0};
  std::mutex lock_;
  std::set<std::string> failures_;
  std::vector<std::thread> threads_;
};

using islands = std::unique_ptr<island>;

islands start(const std::string& name, uint64_t boot, const island& whom,
              std::optional<uint32_t> newest_protocol = {}) {
  return std::make_unique<island>(
    island::settings{.name = name,
                     .boot = boot,
                     .join = {whom.address()},
                     .services = {"orders"},
                     .newest_protocol = newest_protocol});
}

} // namespace

SCENARIO("nodes that are restarted in turn fail no request", "[cluster]") {
  island alpha{{.name = "alpha"}};
  uint64_t boot = 1;
  auto beta = start("beta", boot, alpha);
  auto gamma = start("gamma", boot, alpha);
  auto gate = alpha.gate("orders");
  auto both_up = [&] { return gate.status().peers_up == 2; };
  test::await("both are up", both_up);
  askers clients{alpha, "orders", 8};
  for (int i = 0; i < 5; ++i)
    for (auto* each : {&beta, &gamma}) {
      auto before = clients.answered();
      test::await("all ask", [&] { return clients.answered() > before + 100; });
      (*each)->drain();
      *each = nullptr;
      *each = start(each == &beta ? "beta" : "gamma", ++boot, alpha);
      test::await("both are up again", both_up);
    }
  CHECK(clients.end() == std::set<std::string>{});
}

SCENARIO("the only node that offers a service is restarted: requests wait",
         "[cluster]") {
  island alpha{{.name = "alpha"}};
  auto beta = start("beta", 1, alpha);
  auto gate = alpha.gate("orders");
  test::await("it is up", [&] { return gate.status().peers_up == 1; });
  askers clients{alpha, "orders", 8};
  test::await("all ask", [&] { return clients.answered() > 100; });
  beta->drain();
  beta = nullptr;
  test::await("all wait", [&] { return gate.status().waiting == 8; });
  beta = start("beta", 2, alpha);
  auto before = clients.answered();
  test::await("all ask", [&] { return clients.answered() > before + 100; });
  CHECK(clients.end() == std::set<std::string>{});
}

SCENARIO("requests wait while the first join is under way", "[cluster]") {
  island beta{{.name = "beta", .services = {"orders"}}};
  island alpha{{.name = "alpha", .join = {beta.address()}}};
  CHECK(alpha.ask("orders", "one") == "orders one");
}

SCENARIO("a name that no node knows is told, and answered with the nearest",
         "[cluster]") {
  island beta{{.name = "beta", .services = {"orders"}}};
  island alpha{{.name = "alpha", .join = {beta.address()}}};
  CHECK(alpha.ask("order", "one")
        == "order: no node offers a service of that name; the nearest name is "
           "orders");
  auto told = alpha.await_event(event_kind::service_unknown, "node/alpha");
  REQUIRE(told.metadata.size() == 2);
  CHECK(told.metadata[0].second == "order");
  CHECK(told.metadata[1].second == "orders");
  CHECK(told.level == bulwark::severity::low);
  CHECK(alpha.ask("orders", "two") == "orders two");
  CHECK(alpha.count(event_kind::service_unknown) == 1);
}

SCENARIO("nodes of two versions work together", "[cluster][versions]") {
  using bulwark::hello;
  for (auto [older, newer] :
       {std::pair{hello::protocol_oldest, hello::protocol_now},
        std::pair{hello::protocol_now, hello::protocol_oldest},
        std::pair{hello::protocol_oldest, hello::protocol_oldest}}) {
    island beta{
      {.name = "beta", .services = {"orders"}, .newest_protocol = older}};
    island alpha{{.name = "alpha",
                  .join = {beta.address()},
                  .services = {"users"},
                  .newest_protocol = newer}};
    alpha.await_event(event_kind::node_joined, "node/beta");
    beta.await_event(event_kind::node_joined, "node/alpha");
    CHECK(alpha.ask("orders", "one") == "orders one");
    CHECK(beta.ask("users", "two") == "users two");
    // What is told of the other one's failures.
    alpha.ask("orders", "crash");
    beta.drain();
    auto gate = alpha.gate("orders");
    test::await("it drains", [&] { return gate.status().peers_up == 0; });
  }
}

SCENARIO("an upgrade of one node after the other fails no request",
         "[cluster][versions]") {
  constexpr auto old = bulwark::hello::protocol_oldest;
  // The one that asks is the last one to be upgraded.
  island alpha{{.name = "alpha", .newest_protocol = old}};
  uint64_t boot = 1;
  auto beta = start("beta", boot, alpha, old);
  auto gamma = start("gamma", boot, alpha, old);
  auto gate = alpha.gate("orders");
  auto both_up = [&] { return gate.status().peers_up == 2; };
  test::await("both are up", both_up);
  askers clients{alpha, "orders", 8};
  for (auto* each : {&beta, &gamma}) {
    auto before = clients.answered();
    test::await("all ask", [&] { return clients.answered() > before + 100; });
    (*each)->drain();
    *each = nullptr;
    *each = start(each == &beta ? "beta" : "gamma", ++boot, alpha);
    test::await("both are up again", both_up);
  }
  auto before = clients.answered();
  test::await("all ask", [&] { return clients.answered() > before + 100; });
  CHECK(clients.end() == std::set<std::string>{});
}
