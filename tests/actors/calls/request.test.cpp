#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/request.hpp>

#include <catch2/catch.hpp>

// `request` and `send` with options are messages that begin with them.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a request says how, and the service sees its content alone",
          "[calls]") {
  gate_fixture fixture;
  auto& s = fixture.work("s");
  client who{fixture.rig};
  int answer = 0;
  who.does([&](caf::event_based_actor* self) {
    request(self, s.handle(), {.key = "ada"}, 7).then([&](int x) {
      answer = x;
    });
    send(self, s.handle(), {.key = "ada"}, 8);
  });
  CHECK(answer == 7);
  CHECK(fixture.room("s").handled == std::vector{7, 8});
}

TEST_CASE("a request waits as long as it says, and no longer than its gate",
          "[calls]") {
  gate_fixture fixture;
  service_plan plan;
  plan.gate.timeout = 10s;
  auto& s = fixture.work("s", plan);
  client who{fixture.rig};
  auto ended = [&](call_options how) {
    auto begun = fixture.rig.now();
    auto end = begun;
    who.does([&, how](caf::event_based_actor* self) {
      request(self, s.handle(), how, keep_atom::value, 1)
        .then([](int) {},
              [&](const caf::error& why) {
                CHECK(code_of(why, {}) == errc::timed_out);
                end = fixture.rig.now();
              });
    });
    fixture.rig.advance(1min);
    return end - begun;
  };
  CHECK(ended({.within = 2s}) <= 2s + 100ms);
  CHECK(ended({.within = 2s}) >= 2s);
  CHECK(ended({.within = 20s}) <= 10s + 100ms);
}
