// A node for tests of roles: wants the role `backup`, and while it has it acts
// every 10 ms. Prints `gained token=N`, `lost`, and for each act
// `acts token=N at=T`, where T, in nanoseconds of the machine's steady clock,
// was read before the node asked whether it may.

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

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

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    auto mine = node.role("backup");
    mine
      .on_gained(
        [](uint64_t token) { print("gained token=" + std::to_string(token)); })
      .on_lost([] { print("lost"); });
    node.service("worker", worker, mine);
  });
}
