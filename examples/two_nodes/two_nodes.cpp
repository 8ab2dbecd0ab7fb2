// Two nodes and a message type of one's own. The one with --serve offers
// prices; the other one asks for a price each second, whichever node has it.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

struct price_of {
  std::string product;
  int32_t quantity = 1;
};

// Says how it is written and read: between nodes, and in the log.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, price_of& x) {
  return f(caf::meta::type_name("price_of"), x.product, x.quantity);
}

caf::behavior catalog(caf::event_based_actor*, const std::string& where) {
  return {[=](const price_of& what) {
    return where + ": " + what.product + " costs "
           + std::to_string(7 * what.quantity);
  }};
}

caf::behavior customer(caf::event_based_actor* self, const caf::actor& prices) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom) {
    self->delayed_send(self, 1s, caf::tick_atom_v);
    auto print = [](const std::string& text) {
      std::cout << text << std::endl;
    };
    self->request(prices, caf::infinite, price_of{"tea", 3})
      .then(print,
            [=](const caf::error& why) { print(bulwark::describe(why)); });
  }};
}

int main(int argc, char** argv) {
  bulwark::application app;
  app.name = "two_nodes";
  app.options.flag("serve", "offer prices instead of asking for them");
  return bulwark::run(argc, argv, app, [](bulwark::node& node) {
    // On every node, before anything else asks for a gate.
    node.message_type<price_of>("price_of");
    if (node.option<bool>("serve"))
      node.service("catalog", catalog, node.name());
    else
      node.service("customer", customer, node.gate("catalog"));
  });
}
