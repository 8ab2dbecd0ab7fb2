#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <catch2/catch.hpp>

// What a limit that adapts learns from what becomes of requests: an answer
// that is an error teaches it nothing, a timeout is a drop.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

uint64_t limit_of(const bulkhead& pool) {
  return pool.core()->read_table(
    [](const permit_table& book) { return book.limit(); });
}

} // namespace

TEST_CASE("refusals of a service teach a limit nothing, timeouts lower it",
          "[gate][bulkhead][adaptive]") {
  gate_fixture fixture;
  auto limits = permits(50);
  limits.adaptive =
    adaptive_options{.algorithm = adaptive_algorithm::aimd, .initial = 10};
  auto& pool = fixture.bulkhead("p", limits);
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1s;
  auto& s = fixture.work("s", plan);
  for (int i = 0; i < 200; ++i) {
    auto refused = fixture.ask(s.handle(), fail_atom::value);
    REQUIRE(refused->error);
    fixture.rig.advance(100ms);
  }
  CHECK(limit_of(pool) == 10);
  CHECK(use(pool) == 0);
  for (int round = 0; round < 5; ++round) {
    for (auto n = limit_of(pool) - use(pool); n > 0; --n)
      fixture.ask(s.handle(), keep_atom::value, 1);
    fixture.rig.advance(2s);
    auto& room = fixture.room("s");
    for (size_t i = 0; i < room.kept.size(); ++i)
      fixture.deliver("s", i, 0);
    room.kept.clear();
    room.keepers.clear();
  }
  CHECK(limit_of(pool) < 10);
}
