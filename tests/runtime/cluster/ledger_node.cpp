// A node for tests of the ledger of a cluster: tells of failures and recoveries
// of components of its own, 10 every 10 ms, until there were `--events` of
// them. Prints `emitted=N` each 100, and with `done` behind the last one.

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;
namespace {

constexpr uint64_t at_once = 10;
constexpr uint64_t components = 10;

void tell(bulwark::node& node, uint64_t number) {
  auto component = "disk/" + std::to_string(number / 2 % components);
  if (number % 2 == 0)
    node.record_failure_event(component, "disk_full",
                              bulwark::severity::medium);
  else
    node.record_recovery_event(component, "failover", 5ms);
}

caf::behavior storm(caf::event_based_actor* self, bulwark::node* node,
                    uint64_t count) {
  self->send(self, caf::tick_atom::value);
  return {[=, told = uint64_t{0}](caf::tick_atom tick) mutable {
    for (uint64_t i = 0; i < at_once && told < count; ++i)
      tell(*node, told++);
    auto done = told == count;
    if (done || told % 100 == 0)
      std::cout << "emitted=" + std::to_string(told) + (done ? " done\n" : "\n")
                << std::flush;
    if (!done)
      self->delayed_send(self, 10ms, tick);
  }};
}

} // namespace

int main(int argc, char** argv) {
  bulwark::application app{
    .name = "ledger_node", .version = "1.0", .options = {}};
  app.options.value<uint64_t>("events", 10'000, "how many events to tell of");
  return bulwark::run(argc, argv, std::move(app), [](bulwark::node& node) {
    node.service("storm", storm, &node, node.option<uint64_t>("events"));
  });
}
