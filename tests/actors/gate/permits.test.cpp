#include "actors/gate/permits.hpp"

#include "actors/gate/gate_fixture.hpp"

#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>

#include <catch2/catch.hpp>

// Actors that acquire permits by themselves from a bulkhead's actor.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

void ends(client& who) {
  who.does([](caf::event_based_actor* self) { self->quit(); });
}

} // namespace

TEST_CASE("permits are acquired, released in parts, and never twice",
          "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  client alice{fixture.rig};
  auto got = alice.asks<permit>(pool.handle(), acquire_permits{.amount = 3});
  REQUIRE(got->value);
  CHECK(got->value->bulkhead == "db");
  CHECK(got->value->amount == 3);
  CHECK(use(pool) == 3);
  auto id = got->value->id;
  CHECK(alice.tells(pool.handle(), release_permits{id, 4})->code()
        == errc::not_held);
  CHECK(use(pool) == 3);
  CHECK(alice.tells(pool.handle(), release_permits{id, 2})->value);
  CHECK(use(pool) == 1);
  CHECK(alice.tells(pool.handle(), release_permits{id})->value);
  CHECK(use(pool) == 0);
  auto again = alice.tells(pool.handle(), release_permits{id});
  CHECK(again->code() == errc::not_held);
  CHECK(
    describe(again->error).starts_with("bulkhead/db: release_permits of 0"));
  CHECK(stats(pool).active_consumers == 0);
}

TEST_CASE("nobody releases what another one holds", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  client alice{fixture.rig};
  client bob{fixture.rig};
  auto got = alice.asks<permit>(pool.handle(), acquire_permits{});
  auto theft = bob.tells(pool.handle(), release_permits{got->value->id});
  CHECK(theft->code() == errc::not_held);
  CHECK(bob.tells(pool.handle(), renew_permits{got->value->id, 1s})->code()
        == errc::not_held);
  CHECK(use(pool) == 1);
}

TEST_CASE("what an actor holds comes back when it ends", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5, 5, 1min));
  client alice{fixture.rig};
  client bob{fixture.rig};
  alice.asks<permit>(pool.handle(), acquire_permits{.amount = 2});
  alice.asks<permit>(pool.handle(), acquire_permits{.amount = 1});
  auto waits = bob.asks<permit>(pool.handle(), acquire_permits{.amount = 4});
  CHECK(waits->open());
  ends(alice);
  CHECK(waits->value);
  CHECK(use(pool) == 4);
  auto told = fixture.all(event_kind::permits_reclaimed);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "bulkhead/db");
  CHECK(told[0].metadata[1]
        == std::pair<std::string, std::string>{"amount", "3"});
}

TEST_CASE("an owner of which nothing is left is still named", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  std::string owner;
  fixture.rig.system().spawn([&](caf::event_based_actor* self) {
    owner = to_string(self->address());
    self->request(pool.handle(), caf::infinite, acquire_permits{})
      .then([](const permit&) {});
  });
  fixture.rig.run();
  auto told = fixture.all(event_kind::permits_reclaimed);
  REQUIRE(told.size() == 1);
  CHECK(told[0].metadata[0]
        == std::pair<std::string, std::string>{"holder", owner});
}

TEST_CASE("who ends while it waits leaves the queue at once", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(1, 5, 1min));
  client alice{fixture.rig};
  client bob{fixture.rig};
  client carol{fixture.rig};
  auto first = alice.asks<permit>(pool.handle(), acquire_permits{});
  auto second = bob.asks<permit>(pool.handle(), acquire_permits{});
  auto third = carol.asks<permit>(pool.handle(), acquire_permits{});
  CHECK(stats(pool).queue_length == 2);
  ends(bob);
  CHECK(stats(pool).queue_length == 1);
  CHECK(stats(pool).usage.withdrawn == 1);
  alice.tells(pool.handle(), release_permits{first->value->id});
  CHECK(third->value);
  CHECK(use(pool) == 1);
}

TEST_CASE("a wait has a limit, its own or the bulkhead's", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(1, 5, 10s));
  client alice{fixture.rig};
  auto first = alice.asks<permit>(pool.handle(), acquire_permits{});
  auto brief = alice.asks<permit>(pool.handle(), acquire_permits{.wait = 2s});
  auto eager = alice.asks<permit>(pool.handle(), acquire_permits{.wait = 1h});
  fixture.rig.advance(3s);
  CHECK(brief->code() == errc::bulkhead_timeout);
  CHECK(brief->at - fixture.rig.now() == -1s);
  CHECK(eager->open());
  fixture.rig.advance(8s);
  CHECK(eager->code() == errc::bulkhead_timeout);
  CHECK(refusal_of(eager->error)->bulkhead == "db");
  CHECK(stats(pool).usage.timeouts == 2);
  CHECK(use(pool) == 1);
}

TEST_CASE("a lease ends by itself, unless it is renewed", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  client alice{fixture.rig};
  auto ask = [&] {
    return alice.asks<permit>(pool.handle(),
                              acquire_permits{.amount = 2, .lease = 5s});
  };
  auto first = ask();
  auto second = ask();
  fixture.rig.advance(4s);
  CHECK(alice.tells(pool.handle(), renew_permits{first->value->id, 3s})->value);
  fixture.rig.advance(2s);
  CHECK(use(pool) == 2);
  CHECK(fixture.all(event_kind::lease_expired).size() == 1);
  CHECK(alice.tells(pool.handle(), release_permits{second->value->id})->code()
        == errc::not_held);
  fixture.rig.advance(2s);
  CHECK(use(pool) == 0);
  CHECK(fixture.all(event_kind::lease_expired).size() == 2);
}

TEST_CASE("bad requests are refused by field and value", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  client alice{fixture.rig};
  auto said = [&](const acquire_permits& what) {
    return describe(alice.asks<permit>(pool.handle(), what)->error);
  };
  CHECK(said({.amount = 0})
          .starts_with("bulkhead/db: acquire_permits.amount is 0; it must be"));
  CHECK(said({.priority = static_cast<call_priority>(7)})
          .starts_with("bulkhead/db: acquire_permits.priority is 7;"));
  CHECK(
    said({.wait = -1s}).starts_with("bulkhead/db: acquire_permits.wait is"));
  CHECK(
    said({.lease = -1s}).starts_with("bulkhead/db: acquire_permits.lease is"));
  CHECK(said({.consumer = std::string(65, 'x')})
          .starts_with("bulkhead/db: the length of acquire_permits.consumer"));
  CHECK(alice.asks<permit>(pool.handle(), acquire_permits{.amount = 6})->code()
        == errc::bulkhead_full);
  CHECK(describe(alice.tells(pool.handle(), resize_bulkhead{0, 0})->error)
          .starts_with("bulkhead/db: bulkhead.capacity is 0;"));
  CHECK(alice.tells(pool.handle(), resize_bulkhead{3, 3})->code()
        == errc::invalid_option);
  CHECK(stats(pool).max_capacity == 5);
  CHECK(use(pool) == 0);
}

TEST_CASE("the door can be closed, and opened again", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(1, 5, 1min));
  client alice{fixture.rig};
  auto ask = [&](call_priority priority) {
    return alice.asks<permit>(pool.handle(),
                              acquire_permits{.priority = priority});
  };
  auto held = ask(call_priority::normal);
  auto waits = ask(call_priority::normal);
  auto urgent = ask(call_priority::critical);
  CHECK(
    alice.tells(pool.handle(), isolate_bulkhead{isolation::normal, "by hand"})
      ->value);
  CHECK(waits->code() == errc::bulkhead_isolated);
  CHECK(urgent->open());
  CHECK(ask(call_priority::normal)->code() == errc::bulkhead_isolated);
  CHECK(alice.tells(pool.handle(), drain_bulkhead{"for maintenance"})->value);
  CHECK(urgent->code() == errc::bulkhead_isolated);
  CHECK(fixture.all(event_kind::bulkhead_drained).empty());
  alice.tells(pool.handle(), release_permits{held->value->id});
  CHECK(fixture.all(event_kind::bulkhead_drained).size() == 1);
  CHECK(ask(call_priority::critical)->code() == errc::bulkhead_isolated);
  CHECK(alice.tells(pool.handle(), isolate_bulkhead{isolation::none, "done"})
          ->value);
  CHECK(ask(call_priority::normal)->value);
  auto closed = fixture.all(event_kind::bulkhead_isolated);
  REQUIRE(closed.size() == 2);
  CHECK(closed[0].reason == "by hand");
  CHECK(fixture.all(event_kind::bulkhead_reopened).size() == 1);
}

TEST_CASE("an empty bulkhead is told to be isolated before it is drained",
          "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(1));
  client alice{fixture.rig};
  CHECK(alice.tells(pool.handle(), drain_bulkhead{"new disks"})->value);
  auto& all = fixture.events;
  auto at = [&](event_kind kind) {
    return std::find_if(all.begin(), all.end(),
                        [&](const event& each) { return each.kind == kind; });
  };
  REQUIRE(at(event_kind::bulkhead_drained) != all.end());
  CHECK(at(event_kind::bulkhead_isolated) < at(event_kind::bulkhead_drained));
}

TEST_CASE("a bulkhead grows and shrinks under way", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(2, 5, 1min));
  client alice{fixture.rig};
  auto ask = [&] {
    return alice.asks<permit>(pool.handle(), acquire_permits{});
  };
  auto first = ask();
  auto second = ask();
  auto third = ask();
  CHECK(third->open());
  CHECK(alice.tells(pool.handle(), resize_bulkhead{3, 0})->value);
  CHECK(third->value);
  CHECK(alice.tells(pool.handle(), resize_bulkhead{1, 0})->value);
  CHECK(use(pool) == 3);
  auto fourth = ask();
  for (auto& each : {first, second})
    alice.tells(pool.handle(), release_permits{each->value->id});
  CHECK(fourth->open());
  CHECK(use(pool) == 1);
  alice.tells(pool.handle(), release_permits{third->value->id});
  CHECK(fourth->value);
  CHECK(fixture.all(event_kind::bulkhead_resized).size() == 2);
}

TEST_CASE("each crossing of a threshold is told once", "[bulkhead]") {
  gate_fixture fixture;
  auto limits = permits(20);
  limits.hysteresis = 0.1;
  auto& pool = fixture.bulkhead("db", limits);
  client alice{fixture.rig};
  std::vector<uint64_t> held;
  auto take = [&](size_t n) {
    while (held.size() < n)
      held.push_back(
        alice.asks<permit>(pool.handle(), acquire_permits{})->value->id);
    while (held.size() > n) {
      alice.tells(pool.handle(), release_permits{held.back()});
      held.pop_back();
    }
  };
  // 16 is the warning threshold, left at 14; 19 is the critical one.
  for (int i = 0; i < 10; ++i)
    for (size_t n : {16, 15, 16, 17, 16})
      take(n);
  CHECK(fixture.all(event_kind::threshold_crossed).size() == 1);
  take(20);
  CHECK(fixture.all(event_kind::threshold_crossed).size() == 2);
  CHECK(stats(pool).state == bulkhead_state::exhausted);
  fixture.rig.advance(2s);
  take(0);
  fixture.rig.advance(1s);
  auto told = fixture.all(event_kind::threshold_crossed);
  REQUIRE(told.size() == 4);
  CHECK(told[0].level == severity::low);
  CHECK(told[1].level == severity::medium);
  CHECK(told[2].level == severity::info);
  CHECK(to_text(told[1]).find("threshold=critical direction=up use=19")
        != std::string::npos);
  CHECK(to_text(told[3]).find("threshold=warning direction=down")
        != std::string::npos);
}

TEST_CASE("nothing that is sent ends a bulkhead", "[bulkhead]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("db", permits(5));
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send_exit(pool.handle(), caf::exit_reason::kill);
    self->link_to(pool.handle());
    self->send(pool.handle(), caf::down_msg{self->address(), {}});
    self->send(pool.handle(), caf::make_error(caf::sec::runtime_error));
    self->send(pool.handle(), std::string{"hello"});
    self->send(pool.handle(), acquire_permits{});
  });
  caf::anon_send(pool.handle(), acquire_permits{});
  caf::anon_send(pool.handle(), release_permits{1, 1});
  fixture.rig.run();
  ends(alice);
  client bob{fixture.rig};
  CHECK(bob.asks<permit>(pool.handle(), acquire_permits{.amount = 5})->value);
}
