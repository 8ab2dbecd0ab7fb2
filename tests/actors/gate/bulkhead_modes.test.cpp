#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

// What a bulkhead can do besides counting, seen through a gate: rates, limits
// that adapt, watching only, sharing between tenants.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a rate refuses what comes too soon, or has it come again",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = permits(100);
  limits.kind = bulkhead_kind::rate_limit;
  limits.rate = rate_options{.rate = 10, .burst = 2};
  SECTION("at once") {
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    CHECK(fixture.ask(s.handle(), 1)->value == 1);
    CHECK(fixture.ask(s.handle(), 2)->value == 2);
    auto third = fixture.ask(s.handle(), 3);
    CHECK(third->code() == errc::rate_limited);
    CHECK(describe(third->error)
          == "s: comes more often than its bulkhead's rate allows");
    fixture.rig.advance(100ms);
    CHECK(fixture.ask(s.handle(), 4)->value == 4);
    CHECK(fixture.ask(s.handle(), 5)->code() == errc::rate_limited);
  }
  SECTION("after a wait, in order, and once") {
    limits.rate_wait = 250ms;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    std::vector<std::shared_ptr<const reply<int>>> asked;
    for (int i = 1; i <= 3; ++i)
      asked.push_back(fixture.ask(s.handle(), i));
    asked.push_back(fixture.ask(s.handle(), call_options{.key = "k"}, 4));
    auto fifth = fixture.ask(s.handle(), 5);
    CHECK(fifth->code() == errc::rate_limited);
    CHECK(asked[2]->open());
    fixture.rig.advance(100ms);
    CHECK(asked[2]->value == 3);
    CHECK(asked[3]->open());
    fixture.rig.advance(100ms);
    CHECK(asked[3]->value == 4);
    CHECK(fixture.room("s").handled == std::vector{1, 2, 3, 4});
    CHECK(use(pool) == 0);
  }
  SECTION("for each tenant") {
    limits.rate_per_tenant = true;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    call_options a{.tenant = "a"};
    call_options b{.tenant = "b"};
    for (int i = 1; i <= 2; ++i) {
      CHECK(fixture.ask(s.handle(), a, i)->value == i);
      CHECK(fixture.ask(s.handle(), b, i)->value == i);
    }
    CHECK(fixture.ask(s.handle(), a, 3)->code() == errc::rate_limited);
    CHECK(fixture.ask(s.handle(), 3)->value == 3);
  }
}

TEST_CASE("a limit that adapts follows how long the work takes",
          "[gate][bulkhead][adaptive]") {
  gate_fixture fixture;
  auto limits = permits(50);
  limits.adaptive =
    adaptive_options{.algorithm = adaptive_algorithm::aimd, .initial = 10};
  limits.adaptive->aimd.timeout = 1s;
  auto& pool = fixture.bulkhead("p", limits);
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1min;
  auto& s = fixture.work("s", plan);
  auto limit = [&] {
    return pool.core()->read_table(
      [](const permit_table& book) { return book.limit(); });
  };
  auto round = [&](duration time) {
    auto& room = fixture.room("s");
    room.kept.clear();
    room.keepers.clear();
    for (uint64_t i = 0, n = limit(); i < n; ++i)
      fixture.ask(s.handle(), keep_atom::value, 1);
    // No more than the limit is let in.
    CHECK(fixture.ask(s.handle(), 2)->code() == errc::bulkhead_full);
    fixture.rig.advance(time);
    for (size_t i = 0; i < room.kept.size(); ++i)
      fixture.deliver("s", i, 0);
  };
  CHECK(limit() == 10);
  for (int i = 0; i < 20; ++i)
    round(500ms);
  auto grown = limit();
  CHECK(grown > 10);
  for (int i = 0; i < 20; ++i)
    round(3s);
  CHECK(limit() < grown / 2);
  CHECK(use(pool) == 0);
}

TEST_CASE("a watching bulkhead lets everything through, and tells",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto limits = permits(1);
  limits.mode = bulkhead_mode::shadow;
  auto& pool = fixture.bulkhead("p", limits);
  auto& s = fixture.work("s", {.bulkhead = pool});
  for (int i = 0; i < 3; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  CHECK(use(pool) == 3);
  CHECK(fixture.ask(s.handle(), 4)->value == 4);
  for (size_t i = 0; i < 3; ++i)
    fixture.deliver("s", i, 0);
  CHECK(use(pool) == 0);
  auto now = pool.core()->read_table(
    [](const permit_table& book) { return stats_of("p", book); });
  CHECK(now.usage.shadowed == 3);
  CHECK(now.usage.refusals == 0);
}

TEST_CASE("no tenant starves another one", "[gate][bulkhead]") {
  gate_fixture fixture;
  auto limits = permits(4, 100, 1min);
  limits.fair = true;
  limits.weights = {{"big", 3.0}};
  auto& pool = fixture.bulkhead("p", limits);
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options greedy{.tenant = "greedy"};
  call_options modest{.tenant = "modest"};
  call_options big{.tenant = "big"};
  for (int i = 0; i < 20; ++i)
    fixture.ask(s.handle(), greedy, keep_atom::value, 100 + i);
  for (int i = 0; i < 6; ++i) {
    fixture.ask(s.handle(), modest, keep_atom::value, 200 + i);
    fixture.ask(s.handle(), big, keep_atom::value, 300 + i);
  }
  auto& handled = fixture.room("s").handled;
  CHECK(handled == std::vector{100, 101, 102, 103});
  for (size_t i = 0; i < 16; ++i)
    fixture.deliver("s", i, 0);
  std::map<int, int> served;
  for (size_t i = 4; i < 14; ++i)
    ++served[handled[i] / 100];
  // Weights of 1, 1 and 3 of the ten that followed.
  CHECK(served[1] <= 3);
  CHECK(served[2] >= 2);
  CHECK(served[3] >= 4);
  for (size_t i = 16; i < 32; ++i)
    fixture.deliver("s", i, 0);
  CHECK(use(pool) == 0);
}

// What has a key took the permits of who had waited longer.
TEST_CASE("a key is no way past those who wait for permits",
          "[gate][bulkhead][key]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 100, 1min));
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options ada{.key = "ada"};
  fixture.ask(s.handle(), keep_atom::value, 0);
  fixture.ask(s.handle(), 1);
  fixture.ask(s.handle(), ada, 2);
  fixture.ask(s.handle(), 3);
  fixture.ask(s.handle(), ada, 4);
  fixture.deliver("s", 0, 0);
  CHECK(fixture.room("s").handled == std::vector{0, 1, 2, 3, 4});
  CHECK(use(pool) == 0);
}

// What has a key waits among what is normal, and took the permits of the
// background, which it is counted with.
TEST_CASE("a key is no way past others of the background",
          "[gate][bulkhead][key]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 100, 1min));
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options background{.priority = call_priority::background};
  call_options ada{.key = "ada", .priority = call_priority::background};
  fixture.ask(s.handle(), keep_atom::value, 0);
  fixture.ask(s.handle(), background, 1);
  fixture.ask(s.handle(), ada, 2);
  fixture.ask(s.handle(), background, 3);
  fixture.ask(s.handle(), ada, 4);
  fixture.deliver("s", 0, 0);
  CHECK(fixture.room("s").handled == std::vector{0, 1, 2, 3, 4});
  CHECK(use(pool) == 0);
}

// Of two that waited with one key, the permit of the later one was used first.
TEST_CASE("no permit changes the order of a key", "[gate][bulkhead][key]") {
  gate_fixture fixture;
  auto limits = permits(1, 1, 1min);
  limits.order = queue_order::adaptive_lifo;
  auto& pool = fixture.bulkhead("p", limits);
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options ada{.key = "ada"};
  fixture.ask(s.handle(), keep_atom::value, 0);
  fixture.ask(s.handle(), ada, 1);
  fixture.ask(s.handle(), ada, 2);
  // One more replica comes up, and who waits is looked at.
  client operator_{fixture.rig};
  CHECK(operator_.tells(s.supervisor, scale_children{2})->value);
  fixture.deliver("s", 0, 0);
  CHECK(fixture.room("s").handled == std::vector{0, 1, 2});
  CHECK(use(pool) == 0);
}
