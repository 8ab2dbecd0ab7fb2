#include "actors/gate/gate_stage.hpp"
#include "actors/gate/permits.hpp"

#include <catch2/catch.hpp>

// What a limit that adapts learns from what becomes of requests: an answer
// that is an error teaches it nothing, a timeout is a drop.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

uint64_t limit_of(const bulkhead& pool) {
  return pool.core()->read_book(
    [](const permit_book& book) { return book.limit(); });
}

} // namespace

TEST_CASE("refusals of a service teach a limit nothing, timeouts lower it",
          "[gate][bulkhead][adaptive]") {
  gate_stage stage;
  auto limits = permits(50);
  limits.adaptive =
    adaptive_options{.algorithm = adaptive_algorithm::aimd, .initial = 10};
  auto& pool = stage.bulkhead("p", limits);
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1s;
  auto& s = stage.work("s", plan);
  for (int i = 0; i < 200; ++i) {
    auto refused = stage.ask(s.handle(), fail_atom::value);
    REQUIRE(refused->error);
    stage.rig.advance(100ms);
  }
  CHECK(limit_of(pool) == 10);
  CHECK(use(pool) == 0);
  for (int round = 0; round < 5; ++round) {
    for (auto n = limit_of(pool) - use(pool); n > 0; --n)
      stage.ask(s.handle(), keep_atom::value, 1);
    stage.rig.advance(2s);
    auto& room = stage.room("s");
    for (size_t i = 0; i < room.kept.size(); ++i)
      stage.deliver("s", i, 0);
    room.kept.clear();
    room.keepers.clear();
  }
  CHECK(limit_of(pool) < 10);
}
