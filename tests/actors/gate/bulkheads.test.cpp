#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

// What a gate makes of its service's bulkhead: a permit belongs to the work.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

size_t waiting(const bulkhead& of) {
  return of.core()->read_table(
    [](const permit_table& book) { return book.waiting(); });
}

} // namespace

TEST_CASE("beyond its permits a service is refused at once, by name",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("web_threads", permits(2));
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto first = fixture.ask(s.handle(), keep_atom::value, 1);
  auto second = fixture.ask(s.handle(), keep_atom::value, 2);
  CHECK(use(pool) == 2);
  auto third = fixture.ask(s.handle(), 3);
  CHECK(third->code() == errc::bulkhead_full);
  CHECK(describe(third->error)
        == "s: bulkhead web_threads has no permit free, 100 % in use");
  auto said = refusal_of(third->error);
  REQUIRE(said);
  CHECK(said->bulkhead == "web_threads");
  CHECK(said->utilization == 100.0);
  fixture.deliver("s", 0, 10);
  CHECK(first->value == 10);
  CHECK(use(pool) == 1);
  CHECK(fixture.ask(s.handle(), 4)->value == 4);
  fixture.deliver("s", 1, 20);
  CHECK(use(pool) == 0);
  CHECK(fixture.room("s").handled == std::vector{1, 2, 4});
}

TEST_CASE("a plain send that gets no permit is a dead letter",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  auto& s = fixture.work("s", {.bulkhead = pool});
  client alice{fixture.rig};
  auto first = fixture.ask(s.handle(), keep_atom::value, 1);
  alice.sends(s.handle(), 2);
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  fixture.deliver("s", 0, 0);
  alice.sends(s.handle(), 3);
  CHECK(alice.book().inbox.size() == 1);
  CHECK(use(pool) == 0);
}

TEST_CASE("a permit stays with the work when its client dies",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(100));
  auto& s = fixture.work("s", {.bulkhead = pool});
  int refused = 0;
  // A thousand clients that die in mid-request, more than there are permits.
  for (uint64_t i = 0; i < 1000; ++i) {
    client mortal{fixture.rig};
    auto asked =
      mortal.asks<int>(s.handle(), keep_atom::value, static_cast<int>(i));
    mortal.does([](caf::event_based_actor* self) { self->quit(); });
    refused += asked->code() == errc::bulkhead_full;
    REQUIRE(use(pool) == std::min<uint64_t>(i + 1, 100));
  }
  CHECK(refused == 900);
  CHECK(fixture.room("s").handled.size() == 100);
  for (size_t i = 0; i < 100; ++i) {
    fixture.deliver("s", i, 0);
    REQUIRE(use(pool) == 99 - i);
  }
}

TEST_CASE("a permit stays with the work beyond the deadline",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1s;
  auto& s = fixture.work("s", plan);
  auto first = fixture.ask(s.handle(), keep_atom::value, 1);
  fixture.rig.advance(2s);
  CHECK(first->code() == errc::timed_out);
  CHECK(use(pool) == 1);
  CHECK(fixture.ask(s.handle(), 2)->code() == errc::bulkhead_full);
  fixture.deliver("s", 0, 0);
  CHECK(use(pool) == 0);
}

TEST_CASE("a permit stays with a handler that still runs after the grace",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1s;
  plan.gate.grace = 10s;
  auto& s = fixture.work("s", plan);
  auto first = fixture.ask(s.handle(), drop_atom::value);
  // In virtual time no handler takes any; so its progress_counter is set by
  // hand.
  auto control = fixture.control_of(s.gate, 0);
  control->progress_counter = 101;
  fixture.rig.advance(1001ms);
  CHECK(first->code() == errc::timed_out);
  fixture.rig.advance(40s);
  CHECK(use(pool) == 1);
  // It goes on with something else, and comes to rest.
  control->progress_counter = 103;
  fixture.rig.advance(20s);
  CHECK(use(pool) == 1);
  control->progress_counter = 104;
  fixture.rig.advance(10s);
  CHECK(use(pool) == 0);
}

TEST_CASE("a busy replica does not keep the permit of a dropped promise",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1s;
  plan.gate.grace = 10s;
  auto& s = fixture.work("s", plan);
  fixture.ask(s.handle(), drop_atom::value);
  auto control = fixture.control_of(s.gate, 0);
  for (uint32_t i = 1; i < 50; ++i) {
    control->progress_counter = 2 * i + 1;
    fixture.rig.advance(1s);
  }
  CHECK(use(pool) == 0);
}

TEST_CASE("a replica's death gives its permits back", "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(4));
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto kept = fixture.ask(s.handle(), keep_atom::value, 1);
  CHECK(fixture.ask(s.handle(), boom_atom::value)->code()
        == errc::service_crashed);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(use(pool) == 0);
  // While no replica is up what waits holds no permit.
  auto later = fixture.ask(s.handle(), 2);
  CHECK(later->open());
  CHECK(use(pool) == 0);
  fixture.rig.advance(1s);
  CHECK(later->value == 2);
  CHECK(use(pool) == 0);
}

TEST_CASE("who waits for a permit is served in order", "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 3, 10s));
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto first = fixture.ask(s.handle(), keep_atom::value, 1);
  std::vector<std::shared_ptr<const reply<int>>> others;
  for (int i = 2; i <= 4; ++i)
    others.push_back(fixture.ask(s.handle(), i));
  CHECK(waiting(pool) == 3);
  CHECK(s.gate.status().waiting == 3);
  CHECK(fixture.ask(s.handle(), 5)->code() == errc::bulkhead_full);
  fixture.deliver("s", 0, 0);
  for (int i = 2; i <= 4; ++i)
    CHECK(others[static_cast<size_t>(i) - 2]->value == i);
  CHECK(fixture.room("s").handled == std::vector{1, 2, 3, 4});
  CHECK(use(pool) == 0);
  CHECK(waiting(pool) == 0);
}

TEST_CASE("who waits too long for a permit is told so", "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 3, 1s));
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto first = fixture.ask(s.handle(), keep_atom::value, 1);
  auto second = fixture.ask(s.handle(), 2);
  fixture.rig.advance(500ms);
  auto third = fixture.ask(s.handle(), 3);
  fixture.rig.advance(600ms);
  CHECK(second->code() == errc::bulkhead_timeout);
  CHECK(third->open());
  CHECK(waiting(pool) == 1);
  fixture.deliver("s", 0, 0);
  CHECK(third->value == 3);
  CHECK(fixture.room("s").handled == std::vector{1, 3});
  CHECK(use(pool) == 0);
}

TEST_CASE("critical requests go first, and may have the reserve",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto limits = permits(3, 10, 10s);
  limits.reserved_for_critical = 1;
  auto& pool = fixture.bulkhead("p", limits);
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options critical{.priority = call_priority::critical};
  call_options background{.priority = call_priority::background};
  for (int i = 1; i <= 2; ++i)
    fixture.ask(s.handle(), keep_atom::value, i);
  auto low = fixture.ask(s.handle(), background, 3);
  auto normal = fixture.ask(s.handle(), 4);
  CHECK(waiting(pool) == 2);
  auto high = fixture.ask(s.handle(), critical, keep_atom::value, 5);
  CHECK(use(pool) == 3);
  auto higher = fixture.ask(s.handle(), critical, 6);
  CHECK(waiting(pool) == 3);
  fixture.deliver("s", 0, 0);
  CHECK(higher->value == 6);
  // What is left free is reserved.
  CHECK(use(pool) == 2);
  CHECK(normal->open());
  fixture.deliver("s", 1, 0);
  CHECK(normal->value == 4);
  CHECK(low->value == 3);
  CHECK(fixture.room("s").handled == std::vector{1, 2, 5, 6, 4, 3});
}

TEST_CASE("services that share a bulkhead wait in one line",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 10s));
  auto& a = fixture.work("a", {.bulkhead = pool});
  auto& b = fixture.work("b", {.bulkhead = pool});
  auto held = fixture.ask(a.handle(), keep_atom::value, 1);
  auto second = fixture.ask(b.handle(), keep_atom::value, 2);
  auto third = fixture.ask(a.handle(), keep_atom::value, 3);
  auto fourth = fixture.ask(b.handle(), 4);
  fixture.deliver("a", 0, 0);
  CHECK(fixture.room("b").handled == std::vector{2});
  fixture.deliver("b", 0, 0);
  CHECK(fixture.room("a").handled == std::vector{1, 3});
  fixture.deliver("a", 1, 0);
  CHECK(fourth->value == 4);
  CHECK(use(pool) == 0);
}

// Those of a gate that came later had moved up, before those of other gates.
TEST_CASE("who gives up waiting leaves its place to nobody",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 10s));
  service_plan impatient{.bulkhead = pool};
  impatient.gate.timeout = 1s;
  auto& a = fixture.work("a", impatient);
  auto& b = fixture.work("b", {.bulkhead = pool});
  auto held = fixture.ask(b.handle(), keep_atom::value, 1);
  auto gave_up = fixture.ask(a.handle(), 2);
  auto second = fixture.ask(b.handle(), keep_atom::value, 3);
  fixture.rig.advance(500ms);
  auto third = fixture.ask(a.handle(), 4);
  fixture.rig.advance(600ms);
  CHECK(gave_up->code() == errc::timed_out);
  CHECK(waiting(pool) == 2);
  fixture.deliver("b", 0, 0);
  CHECK(fixture.room("b").handled == std::vector{1, 3});
  CHECK(fixture.room("a").handled.empty());
  fixture.deliver("b", 1, 0);
  CHECK(third->value == 4);
  CHECK(use(pool) == 0);
  CHECK(waiting(pool) == 0);
}

TEST_CASE("a service that is down holds nothing of a shared bulkhead",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 30s));
  auto& a = fixture.work("a", {.bulkhead = pool});
  auto& b = fixture.work("b", {.bulkhead = pool});
  auto held = fixture.ask(b.handle(), keep_atom::value, 1);
  auto crash = fixture.ask(a.handle(), boom_atom::value);
  auto waits = fixture.ask(a.handle(), 2);
  CHECK(waiting(pool) == 2);
  fixture.deliver("b", 0, 0);
  CHECK(crash->code() == errc::service_crashed);
  // `a` is down; its message came to the head of the line and stepped aside.
  CHECK(waits->open());
  CHECK(use(pool) == 0);
  auto third = fixture.ask(b.handle(), 3);
  CHECK(describe(third->error) == "normal");
  CHECK(third->value == 3);
  fixture.rig.advance(1s);
  CHECK(waits->value == 2);
  CHECK(use(pool) == 0);
}

TEST_CASE("who waited for a permit may wait for a replica as others do",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 300ms));
  service_plan plan{.restart = {.initial = 2s, .jitter = 0}, .bulkhead = pool};
  auto& s = fixture.work("s", plan);
  auto& other = fixture.work("other", {.bulkhead = pool});
  auto held = fixture.ask(other.handle(), keep_atom::value, 1);
  auto crash = fixture.ask(s.handle(), boom_atom::value);
  auto waits = fixture.ask(s.handle(), 2);
  fixture.rig.advance(200ms);
  fixture.deliver("other", 0, 0);
  CHECK(crash->code() == errc::service_crashed);
  fixture.rig.advance(1s);
  CHECK(waits->open());
  fixture.rig.advance(1s);
  CHECK(waits->value == 2);
}

TEST_CASE("what a peer says of its priority may be anything",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 10s));
  auto& s = fixture.work("s", {.bulkhead = pool});
  call_options odd{.priority = static_cast<call_priority>(200)};
  auto held = fixture.ask(s.handle(), keep_atom::value, 1);
  auto waits = fixture.ask(s.handle(), odd, 2);
  CHECK(waits->open());
  fixture.deliver("s", 0, 0);
  CHECK(waits->value == 2);
}

TEST_CASE("each request goes to a replica that is idle, if any is",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(8, 10, 10s));
  auto& s =
    fixture.work("s", {.replicas = 8, .bulkhead = pool, .one_each = true});
  for (int round = 0; round < 20; ++round) {
    auto& room = fixture.room("s");
    room.kept.clear();
    room.keepers.clear();
    for (int i = 0; i < 12; ++i)
      fixture.ask(s.handle(), keep_atom::value, i);
    std::set<caf::actor> busy{room.keepers.begin(), room.keepers.end()};
    REQUIRE(busy.size() == 8);
    // Those that wait go where one came free.
    for (size_t i = 0; i < 4; ++i) {
      fixture.deliver("s", i, 0);
      REQUIRE(room.keepers.at(8 + i) == room.keepers.at(i));
    }
    for (size_t i = 4; i < 12; ++i)
      fixture.deliver("s", i, 0);
    REQUIRE(use(pool) == 0);
  }
}

TEST_CASE("a delegated request keeps the permit that it has",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1));
  auto& s = fixture.work("s", {.bulkhead = pool});
  client alice{fixture.rig};
  auto asked = alice.asks<int>(
    s.handle(),
    task{[&](caf::event_based_actor* self) { self->delegate(s.handle(), 7); }});
  CHECK(fixture.room("s").handled == std::vector{7});
  CHECK(use(pool) == 0);
}
