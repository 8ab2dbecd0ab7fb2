#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/bulkhead_stats.hpp>

#include <caf/actor_cast.hpp>
#include <catch2/catch.hpp>

// What a bulkhead counts of a service's requests, whichever way they took.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

void connect(gate_fixture& fixture, const gate& here, const gate& there) {
  here.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  fixture.rig.run();
}

} // namespace

TEST_CASE("what goes at once and what waits is counted alike",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(2, 1, 10s));
  auto& s = fixture.work("s", {.bulkhead = pool});
  for (int i = 0; i < 4; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  auto full = stats(pool);
  CHECK(full.allocations == std::map<std::string, uint64_t>{{"s", 2}});
  CHECK(full.usage.successful_acquisitions == 2);
  CHECK(full.usage.refusals == 1);
  CHECK(full.usage.total_requests == 4);
  for (size_t i = 0; i < 3; ++i)
    fixture.deliver("s", i, 0);
  fixture.ask(s.handle(), 5);
  auto empty = stats(pool);
  CHECK(empty.allocations.empty());
  CHECK(empty.current_usage == 0);
  CHECK(empty.usage.successful_acquisitions == 4);
  CHECK(empty.usage.total_requests == 5);
  CHECK(empty.usage.peak_usage == 2);
}

TEST_CASE("a permit comes back the other way than it was taken",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(4));
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto set_aside = [&](uint64_t amount) {
    return pool.core()->with_table(
      [&](permit_table& book, time_point now, auto& changed) {
        auto& account = *book.account("s", false);
        return amount > 0 ? book.allot(account, amount, now, changed)
                          : book.unallot(account, now, changed) > 0;
      });
  };
  // Without the book and back to it, then from it and without it.
  fixture.ask(s.handle(), keep_atom::value, 0);
  REQUIRE(set_aside(2));
  fixture.deliver("s", 0, 0);
  CHECK(stats(pool).allocations.at("s") == 2);
  for (int i = 1; i <= 3; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  CHECK(stats(pool).allocations.at("s") == 3);
  REQUIRE(set_aside(0));
  CHECK(stats(pool).allocations.at("s") == 3);
  for (size_t i = 1; i <= 3; ++i) {
    fixture.deliver("s", i, 0);
    CHECK(use(pool) == 3 - i);
  }
  CHECK(stats(pool).allocations.empty());
  CHECK(stats(pool).usage.successful_acquisitions == 4);
}

// It took a permit of this node and gave it back at once.
TEST_CASE("what another node serves takes nothing here",
          "[gate][bulkhead][peer]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  auto& there = fixture.work("s");
  auto& here = fixture.work("s", {.replicas = 0, .bulkhead = pool});
  connect(fixture, here.gate, there.gate);
  CHECK(fixture.ask(here.handle(), 7)->value == 7);
  CHECK(fixture.ask(here.handle(), keep_atom::value, 8)->open());
  CHECK(stats(pool).usage.total_requests == 0);
  CHECK(stats(pool).usage.peak_usage == 0);
}

// It counted twice.
TEST_CASE("what waits with its permit for an idle replica is counted once",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(8, 10, 10s));
  auto& s =
    fixture.work("s", {.replicas = 2, .bulkhead = pool, .one_each = true});
  for (int i = 0; i < 5; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  CHECK(use(pool) == 5);
  CHECK(stats(pool).usage.successful_acquisitions == 5);
  for (size_t i = 0; i < 5; ++i)
    fixture.deliver("s", i, 0);
  CHECK(use(pool) == 0);
  CHECK(stats(pool).usage.successful_acquisitions == 5);
}

TEST_CASE("a service is refused by a bulkhead that has no place for its name",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(2));
  for (size_t i = 0; i < permit_table::consumers_max; ++i)
    REQUIRE(pool.core()->lasting_account(std::to_string(i)) != nullptr);
  CHECK_THROWS_WITH(fixture.work("s", {.bulkhead = pool}),
                    "bulkhead p has 4096 consumers, which is the most; s can "
                    "be none of them");
}

// The second of them was refused, although a permit was free.
TEST_CASE("whoever finds nobody idle waits with a permit, behind others too",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(4));
  auto& s =
    fixture.work("s", {.replicas = 2, .bulkhead = pool, .one_each = true});
  for (int i = 1; i <= 2; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  auto third = fixture.ask(s.handle(), 3);
  auto fourth = fixture.ask(s.handle(), 4);
  CHECK(use(pool) == 4);
  CHECK(fixture.ask(s.handle(), 5)->code() == errc::bulkhead_full);
  CHECK(third->open());
  CHECK(fourth->open());
  fixture.deliver("s", 0, 0);
  CHECK(third->value == 3);
  CHECK(fourth->value == 4);
  fixture.deliver("s", 1, 0);
  CHECK(use(pool) == 0);
}
