// A service that knows prices, and is down for a while; a shopper that asks it
// over and over. Prints what becomes of each call.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

using next_atom = caf::atom_constant<caf::atom("next")>;

caf::behavior prices(caf::event_based_actor*, std::shared_ptr<int> asked) {
  return {[=](const std::string&) -> caf::result<int> {
    if (++*asked >= 2 && *asked <= 4)
      return caf::make_error(caf::sec::runtime_error, "down");
    return 40 + *asked;
  }};
}

struct shop {
  bulwark::node& node;
  std::shared_ptr<int> asked;
  int calls = 0;
};

caf::behavior shopper(caf::event_based_actor* self, shop all) {
  auto its = std::make_shared<shop>(std::move(all));
  self->send(self, next_atom::value);
  return {[=](next_atom) {
    bulwark::request(self, its->node.gate("prices"),
                     {.idempotent = true, .report = true},
                     std::string{"coffee"})
      .then([=](const bulwark::call_report& report, int price) {
        std::cout << "call " << ++its->calls << ": " << price
                  << (report.from_cache ? " from before" : "") << ", asked "
                  << *its->asked << " times, "
                  << to_string(its->node.breaker("prices")->state())
                  << std::endl;
        if (its->calls == 6)
          return its->node.stop();
        self->delayed_send(self, its->calls == 4 ? 150ms : 0ms,
                           next_atom::value);
      });
  }};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    auto asked = std::make_shared<int>(0);
    node.service("prices", prices, asked)
      .breaker({.failure_threshold = 3,
                .recovery_timeout = 100ms,
                .success_threshold = 1})
      .retry({.attempts = 2, .initial = 1ms})
      .last_good();
    node.service("shopper", shopper, shop{node, asked}).depends_on("prices");
  });
}
