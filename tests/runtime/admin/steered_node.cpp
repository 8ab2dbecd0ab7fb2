// A node for tests that change it while it runs: a service `orders` with two
// replicas and a circuit breaker, in the bulkhead `external_apis`. With
// `--traffic` it is asked every few milliseconds, and says at the end how often
// with a value and how often with an error.

#include <bulwark/bulwark.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;

caf::behavior echo(caf::event_based_actor*) {
  return {[](const std::string& text) { return "orders " + text; }};
}

/// Asks by a thread of its own, from the node's start to its end.
struct traffic {
  std::atomic<bool> over{false};
  std::thread asks;

  void run(bulwark::node& node) {
    caf::scoped_actor self{node.system()};
    auto to = node.gate("orders");
    size_t values = 0;
    size_t errors = 0;
    while (!over) {
      self->request(to, caf::infinite, std::string{"one"})
        .receive([&](const std::string&) { ++values; },
                 [&](const caf::error&) { ++errors; });
      self->receive([](int) {}, caf::after(5ms) >> [] {});
    }
    std::cout << "traffic values=" << values << " errors=" << errors
              << std::endl;
  }
};

bulwark::application about() {
  bulwark::application app;
  app.name = "steered_node";
  app.options.flag("traffic", "ask it");
  return app;
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, about(), [](bulwark::node& node) {
    node.bulkhead("external_apis", {.capacity = 20});
    node.service("orders", echo)
      .replicas(2)
      .bulkhead("external_apis")
      .breaker();
    if (!node.option<bool>("traffic"))
      return;
    auto asked = std::make_shared<traffic>();
    node.on_start([&node, asked] {
      asked->asks = std::thread{[&node, asked] { asked->run(node); }};
    });
    node.on_stop([asked] {
      asked->over = true;
      asked->asks.join();
    });
  });
}
