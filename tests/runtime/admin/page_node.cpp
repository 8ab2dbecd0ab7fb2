// A node for tests of the page: a service `orders` with two replicas and a
// circuit breaker, in the bulkhead `external_apis`; and `sick`, which crashes
// again and again, and so waits, comes up and cools down.

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

namespace {

struct fall_ill {};

caf::behavior echo(caf::event_based_actor*) {
  return {[](const std::string& text) { return "orders " + text; }};
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fall_ill)

namespace {

caf::behavior sick(caf::event_based_actor* self) {
  self->delayed_send(self, 1200ms, fall_ill{});
  return {[](fall_ill) { throw std::runtime_error{"ill again"}; }};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.bulkhead("external_apis", {.capacity = 20});
    node.service("orders", echo)
      .replicas(2)
      .bulkhead("external_apis")
      .breaker();
    node.service("sick", sick)
      .restart({.initial = 1s,
                .multiplier = 1,
                .intensity = 2,
                .cool_down = 2s,
                .cool_down_max = 2s});
  });
}
