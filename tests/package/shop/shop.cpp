// A shop that sells one thing, or, with --buy, a customer of it.
#include "orders.hpp"

#include <bulwark/bulwark.hpp>

#include <iostream>

using namespace std::chrono_literals;

caf::behavior customer(caf::event_based_actor* self, const caf::actor& shop) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom) {
    self->delayed_send(self, 1s, caf::tick_atom_v);
    auto print = [](const std::string& text) {
      std::cout << text << std::endl;
    };
    for (std::string what : {"tea", "coffee"})
      self->request(shop, caf::infinite, what)
        .then(print,
              [=](const caf::error& why) { print(bulwark::explain(why)); });
  }};
}

int main(int argc, char** argv) {
  bulwark::application app{.name = "shop"};
  app.options.flag("buy", "buy instead of selling")
    .value<std::string>("sells", "tea", "what the shop has");
  return bulwark::run(argc, argv, app, [](bulwark::node& node) {
    if (node.option<bool>("buy"))
      node.service("customer", customer, node.gate("orders"));
    else
      node.service("orders", orders, node.option<std::string>("sells"));
  });
}
