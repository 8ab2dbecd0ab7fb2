// A service that runs on one node of the cluster at a time. All nodes declare
// `tickets`; it runs where the role of that name is, and when that node dies it
// runs on another one. Each node asks it for a ticket each second. What a
// ticket is made of, a database can check: the token grows with each new place.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

caf::behavior tickets(caf::event_based_actor*, const std::string& node) {
  auto next = std::make_shared<uint64_t>(1);
  return {[=](const std::string& who) -> caf::result<std::string> {
    auto token = bulwark::role_token();
    if (!token) // Held up so long that another node has the role by now.
      return bulwark::make_error(bulwark::errc::unreachable, "not here");
    return who + ": ticket " + std::to_string(*token) + "-"
           + std::to_string((*next)++) + " of " + node;
  }};
}

caf::behavior visitor(caf::event_based_actor* self, const caf::actor& office,
                      const std::string& node) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom) {
    self->delayed_send(self, 1s, caf::tick_atom_v);
    auto print = [](const std::string& text) {
      std::cout << text << std::endl;
    };
    self->request(office, caf::infinite, node)
      .then(print,
            [=](const caf::error& why) { print(bulwark::describe(why)); });
  }};
}

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.service("tickets", tickets, node.name()).timeout(20s).singleton();
    node.service("visitor", visitor, node.gate("tickets"), node.name());
  });
}
