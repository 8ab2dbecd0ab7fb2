#include <bulwark/actors.hpp>

#include <caf/all.hpp>

#include <iostream>
#include <stdexcept>

namespace {

caf::behavior greeter(caf::event_based_actor*) {
  return {
    [](const std::string& name) -> std::string {
      if (name == "nobody")
        throw std::runtime_error{"nobody to greet"};
      return "hello, " + name;
    },
  };
}

} // namespace

// A supervisor, a gate and a bulkhead: the greeter crashes, starts again and
// greets.
int main() {
  caf::actor_system_config config;
  caf::actor_system system{config};
  bulwark::bulkhead greetings{system, "greetings", {.capacity = 1}};
  bulwark::gate_settings settings;
  settings.service = "greeter";
  settings.bulkhead = greetings;
  bulwark::gate gate{system, settings};
  gate.declare_replicas(1);
  bulwark::child_spec child;
  child.id = "greeter";
  child.start =
    bulwark::start_behind(gate, 0, bulwark::make_replica_factory(greeter));
  child.on_change = [gate](const bulwark::child_change& change) {
    gate.replica_changed(0, change);
  };
  bulwark::supervisor_settings tree;
  tree.path = "/root/greeter";
  tree.children = {child};
  auto supervisor = bulwark::spawn_supervisor(system, std::move(tree));
  {
    caf::scoped_actor self{system};
    for (const auto* name : {"nobody", "you"})
      self->request(gate.handle(), caf::infinite, std::string{name})
        .receive([](const std::string& text) { std::cout << text << '\n'; },
                 [](const caf::error& reason) {
                   std::cout << bulwark::describe(reason) << '\n';
                 });
  }
  supervisor = nullptr;
  gate.stop();
  greetings.stop();
}
