#include <bulwark/bulwark.hpp>

#include <caf/all.hpp>

#include <iostream>

namespace {

caf::behavior greeter(caf::event_based_actor*) {
  return {
    [](const std::string& name) { return "hello, " + name; },
  };
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.service("greeter", greeter);
    node.on_start([&node] {
      caf::scoped_actor self{node.system()};
      self->request(node.gate("greeter"), caf::infinite, std::string{"you"})
        .receive([](const std::string& text) { std::cout << text << '\n'; },
                 [](const caf::error& reason) {
                   std::cout << bulwark::describe(reason) << '\n';
                 });
      node.stop();
    });
  });
}
