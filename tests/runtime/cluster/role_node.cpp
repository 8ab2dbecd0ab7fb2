// A node for tests of roles.
//
// It wants the role `backup`, and while it has it acts every 10 ms. Prints
// `gained token=N`, `lost`, and for each act `acts token=N at=T`, where T, in
// nanoseconds of the machine's steady clock, was read before the node asked
// whether it may.
//
// Its service `counter` is a singleton. It answers with its node and its token,
// and prints `handles token=N`, or `none` where the role has ended. Every 10 ms
// the node asks it, one time after the other: `answer from=NODE token=N`, or
// `no answer` and why.
//
// All nodes offer `orders`; each asks for one every 20 ms, wherever it is, and
// prints each second `requests asked=N answered=N refused=N`.

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

void print(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

caf::behavior worker(caf::event_based_actor* self, const bulwark::role& mine) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom tick) {
    auto at = std::chrono::steady_clock::now().time_since_epoch();
    if (auto token = mine.token())
      print("acts token=" + std::to_string(*token)
            + " at=" + std::to_string(at / 1ns));
    self->delayed_send(self, 10ms, tick);
  }};
}

caf::behavior counter(caf::event_based_actor*, const std::string& node) {
  return {[=](const std::string&) {
    auto token = bulwark::role_token();
    auto text = "token=" + (token ? std::to_string(*token) : "none");
    print("handles " + text);
    return "from=" + node + " " + text;
  }};
}

caf::behavior asker(caf::event_based_actor* self, const caf::actor& whom) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom tick) {
    auto again = [=] { self->delayed_send(self, 10ms, tick); };
    self->request(whom, caf::infinite, std::string{"count"})
      .then(
        [=](const std::string& text) {
          print("answer " + text);
          again();
        },
        [=](const caf::error& why) {
          print("no answer: " + bulwark::describe(why));
          again();
        });
  }};
}

caf::behavior orders(caf::event_based_actor*, const std::string& node) {
  return {[=](uint64_t number) -> caf::result<std::string, uint64_t> {
    return {node, number};
  }};
}

struct counts {
  uint64_t asked = 0;
  uint64_t answered = 0;
  uint64_t refused = 0;
};

caf::behavior buyer(caf::stateful_actor<counts>* self, const caf::actor& whom) {
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom tick) {
    auto& all = self->state;
    if (all.asked % 50 == 0)
      print("requests asked=" + std::to_string(all.asked)
            + " answered=" + std::to_string(all.answered)
            + " refused=" + std::to_string(all.refused));
    self->request(whom, caf::infinite, all.asked++)
      .then([=](const std::string&, uint64_t) { ++self->state.answered; },
            [=](const caf::error&) { ++self->state.refused; });
    self->delayed_send(self, 20ms, tick);
  }};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    auto mine = node.role("backup");
    mine
      .on_gained(
        [](uint64_t token) { print("gained token=" + std::to_string(token)); })
      .on_lost([] { print("lost"); });
    node.service("worker", worker, mine);
    node.service("counter", counter, node.name()).timeout(2s).singleton();
    node.service("orders", orders, node.name())
      .timeout(2s)
      .route(bulwark::routing::spread);
    node.service("buyer", buyer, node.gate("orders"));
    node.service("asker", asker, node.gate("counter"));
  });
}
