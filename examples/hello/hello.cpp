// A service that crashes on one name, and a visitor that uses that name. What
// you see: two greetings, one error, and in the log a crash and a restart.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <iostream>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

caf::behavior greeter(caf::event_based_actor*, const std::string& greeting) {
  return {[=](const std::string& name) {
    if (name == "nobody")
      throw std::runtime_error{"there is nobody to greet"};
    return greeting + ", " + name;
  }};
}

caf::behavior visitor(caf::event_based_actor* self, const caf::actor& door) {
  auto print = [](const auto& text) { std::cout << text << std::endl; };
  for (std::string name : {"Ada", "nobody", "Grace"})
    self->request(door, caf::infinite, name)
      .then([=](const std::string& answer) { print(answer); },
            [=](const caf::error& e) { print(bulwark::describe(e)); });
  return {[](const std::string&) {}};
}

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.service("greeter", greeter, "hello")
      .restart({.initial = 100ms, .max = 5s});
    node.service("visitor", visitor, node.gate("greeter"))
      .depends_on("greeter");
  });
}
