// A node for tests that change it while it runs: a service `orders` with two
// replicas and a circuit breaker, in the bulkhead `external_apis`.

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <string>

namespace {

caf::behavior echo(caf::event_based_actor*) {
  return {[](const std::string& text) { return "orders " + text; }};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.bulkhead("external_apis", {.capacity = 20});
    node.service("orders", echo)
      .replicas(2)
      .bulkhead("external_apis")
      .breaker();
  });
}
