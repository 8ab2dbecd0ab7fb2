#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

#include <random>

// The order of messages with one key, over all replicas and their deaths; and
// who is served first.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

call_options key(const std::string& name) {
  return {.key = name};
}

call_options ranked(call_priority rank) {
  return {.priority = rank};
}

/// What the replicas of a service did with the messages of each key.
struct ledger {
  std::map<int, std::vector<int>> handled;
  std::map<int, std::vector<caf::actor_id>> by;
  std::mt19937_64 rng{1};
  int crash_one_in = 0;
};

/// Handles (key, number); crashes now and then.
caf::behavior clerk(caf::event_based_actor* self,
                    const std::shared_ptr<ledger>& book) {
  return {[=](int which, int number) {
    book->handled[which].push_back(number);
    book->by[which].push_back(self->id());
    if (book->crash_one_in > 0
        && book->rng() % static_cast<size_t>(book->crash_one_in) == 0)
      throw std::runtime_error{"boom"};
    return number;
  }};
}

} // namespace

TEST_CASE("while one replica has work of a key, all of it goes there",
          "[gate][key]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 4;
  auto& echo = fixture.work("echo", plan);
  client alice{fixture.rig};
  for (int i = 0; i < 8; ++i)
    alice.asks<int>(echo.handle(), key("ada"), test::keep_atom::value, i);
  auto& room = fixture.room("echo");
  REQUIRE(room.keepers.size() == 8);
  for (auto& each : room.keepers)
    CHECK(each == room.keepers[0]);
  // Another key is another matter: the least loaded are chosen.
  for (int i = 0; i < 8; ++i)
    alice.asks<int>(echo.handle(), key("k" + std::to_string(i)),
                    test::keep_atom::value, i);
  std::set<caf::actor> others{room.keepers.begin() + 8, room.keepers.end()};
  CHECK(others.size() > 1);
}

TEST_CASE("a key without work may go to any replica", "[gate][key]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 4;
  auto& echo = fixture.work("echo", plan);
  std::set<caf::actor> seen;
  for (int i = 0; i < 50; ++i) {
    auto answer =
      fixture.ask(echo.handle(), key("ada"), test::keep_atom::value, i);
    seen.insert(fixture.room("echo").keepers.back());
    fixture.deliver("echo", static_cast<size_t>(i), i);
    CHECK(answer->value == i);
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("what waited for a dead replica goes on at another one, in order",
          "[gate][key]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 3;
  auto book = std::make_shared<ledger>();
  auto& svc = fixture.serve("svc", make_replica_factory(clerk, book), plan);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 4; ++i) {
      book->crash_one_in = 1; // The first one dies on its first message.
      self->send(svc.handle(), key("ada"), 1, i);
    }
  });
  CHECK(book->handled[1].front() == 0);
  book->crash_one_in = 0;
  fixture.rig.advance(10s);
  CHECK(book->handled[1] == std::vector{0, 1, 2, 3});
  CHECK(test::open_requests(svc.gate) == 0);
}

TEST_CASE("keys keep their order through crashes, in any order of jobs",
          "[gate][key]") {
  auto seed = GENERATE(range(0, 150));
  CAPTURE(seed);
  gate_fixture fixture;
  std::mt19937_64 rng{static_cast<uint64_t>(seed)};
  test::service_plan plan;
  plan.replicas = 1 + rng() % 4;
  plan.restart = {.initial = 1ms, .max = 20ms, .intensity = 10'000};
  plan.limits.intensity = 10'000;
  plan.gate.timeout = 10min;
  plan.gate.stash_wait = 10min;
  plan.gate.stash_messages = 100'000;
  auto book = std::make_shared<ledger>();
  book->crash_one_in = static_cast<int>(2 + rng() % 20);
  book->rng.seed(rng());
  auto& svc = fixture.serve("svc", make_replica_factory(clerk, book), plan);
  client alice{fixture.rig};
  constexpr int keys = 5;
  std::map<int, int> sent;
  auto some = [&](caf::event_based_actor* self) {
    for (auto n = rng() % 12; n > 0; --n) {
      auto which = static_cast<int>(rng() % keys);
      self->send(svc.handle(), key("k" + std::to_string(which)), which,
                 sent[which]++);
      if (rng() % 3 == 0)
        self->send(svc.handle(), -1, 0); // Without a key, in between.
    }
  };
  for (int i = 0; i < 40; ++i) {
    caf::anon_send(alice.handle(), test::task{some});
    fixture.rig.advance_seeded(std::chrono::milliseconds{rng() % 5}, rng);
  }
  book->crash_one_in = 0;
  fixture.rig.advance_seeded(5min, rng);
  for (auto [which, count] : sent) {
    std::vector<int> all(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i)
      all[static_cast<size_t>(i)] = i;
    CHECK(book->handled[which] == all);
  }
  CHECK(test::open_requests(svc.gate) == 0);
  CHECK(svc.gate.status().waiting == 0);
  CHECK(svc.gate.status().in_flight == 0);
}

TEST_CASE("a key that waits for a closed replica holds up no other",
          "[gate][key]") {
  gate_fixture fixture;
  auto& door = fixture.gate("door", {}, 2);
  auto first = fixture.spawn_replica(door, 0, 1, "first");
  fixture.change(door, 0, child_state::up, 1, first);
  auto kept = fixture.ask(door.handle(), key("ada"), test::keep_atom::value, 1);
  auto second = fixture.spawn_replica(door, 1, 1, "second");
  fixture.change(door, 1, child_state::up, 1, second);
  // The first one is told to end while it still has work of the key.
  auto more = fixture.ask(door.handle(), key("ada"), 2);
  CHECK(more->value == 2);
  CHECK(fixture.room("first").handled == std::vector{1, 2});
  caf::anon_send_exit(caf::actor_cast<caf::actor>(first),
                      caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(kept->code() == errc::replica_lost);
  auto next = fixture.ask(door.handle(), key("ada"), 3);
  CHECK(next->value == 3);
  CHECK(fixture.room("second").handled == std::vector{3});
  caf::anon_send_exit(caf::actor_cast<caf::actor>(second),
                      caf::exit_reason::kill);
  fixture.rig.run();
}

TEST_CASE("a message with a key that is given up frees its key",
          "[gate][key]") {
  gate_fixture fixture;
  gate_options options;
  options.timeout = 1s;
  options.grace = 1s;
  test::service_plan plan;
  plan.replicas = 2;
  plan.gate = options;
  auto& echo = fixture.work("echo", plan);
  auto lost = fixture.ask(echo.handle(), key("ada"), test::drop_atom::value);
  fixture.rig.advance(1100ms);
  CHECK(lost->code() == errc::timed_out);
  fixture.rig.advance(2s);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(fixture.ask(echo.handle(), key("ada"), 5)->value == 5);
}

TEST_CASE("a peer keeps the order of a key over its replicas",
          "[gate][key][peer]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 4;
  auto& far = fixture.work("far", plan);
  auto& front = fixture.gate("front");
  front.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(far.handle()));
  fixture.rig.run();
  for (int i = 0; i < 8; ++i)
    fixture.ask(front.handle(), key("ada"), test::keep_atom::value, i);
  auto& room = fixture.room("far");
  REQUIRE(room.keepers.size() == 8);
  for (auto& each : room.keepers)
    CHECK(each == room.keepers[0]);
}

TEST_CASE("what is critical is served first, what is background last",
          "[gate][priority]") {
  gate_fixture fixture;
  auto& door = fixture.gate("door", {}, 1);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    auto send = [&](call_priority rank, int x) {
      self->send(door.handle(), ranked(rank), x);
    };
    send(call_priority::background, 31);
    send(call_priority::normal, 21);
    send(call_priority::critical, 11);
    self->send(door.handle(), 22);
    send(call_priority::background, 32);
    self->send<caf::message_priority::high>(door.handle(), 12);
    send(call_priority::critical, 13);
    send(call_priority::normal, 23);
  });
  CHECK(door.status().waiting == 8);
  auto replica = fixture.spawn_replica(door, 0, 1, "room");
  fixture.change(door, 0, child_state::up, 1, replica);
  CHECK(fixture.room("room").handled
        == std::vector{11, 12, 13, 21, 22, 23, 31, 32});
  caf::anon_send_exit(caf::actor_cast<caf::actor>(replica),
                      caf::exit_reason::kill);
  fixture.rig.run();
}

// A critical message passed those of its key that were there before it.
TEST_CASE("the order of a key outweighs what is urgent", "[gate][priority]") {
  gate_fixture fixture;
  auto book = std::make_shared<ledger>();
  auto& svc = fixture.serve("svc", make_replica_factory(clerk, book));
  auto& door = fixture.gate("door", {}, 1);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    int number = 0;
    for (auto rank : {call_priority::background, call_priority::normal,
                      call_priority::critical, call_priority::normal}) {
      call_options call{.key = "ada", .priority = rank};
      self->send(svc.handle(), call, 1, number);
      self->send(door.handle(), call, number);
      ++number;
    }
    self->send<caf::message_priority::high>(svc.handle(), key("ada"), 1, 4);
  });
  // In a mailbox, and at a gate without a replica.
  CHECK(book->handled[1] == std::vector{0, 1, 2, 3, 4});
  auto replica = fixture.spawn_replica(door, 0, 1, "room");
  fixture.change(door, 0, child_state::up, 1, replica);
  CHECK(fixture.room("room").handled == std::vector{0, 1, 2, 3});
  caf::anon_send_exit(caf::actor_cast<caf::actor>(replica),
                      caf::exit_reason::kill);
  fixture.rig.run();
}

TEST_CASE("what comes back from a dead replica keeps its rank",
          "[gate][priority]") {
  gate_fixture fixture;
  auto book = std::make_shared<ledger>();
  auto& svc = fixture.serve("svc", make_replica_factory(clerk, book));
  client alice{fixture.rig};
  book->crash_one_in = 1;
  alice.does([&](caf::event_based_actor* self) {
    self->send(svc.handle(), 0, 0);
    self->send(svc.handle(), 0, 1);
    self->send(svc.handle(), 0, 2);
  });
  // All but the one that crashed wait at the gate.
  alice.does([&](caf::event_based_actor* self) {
    self->send(svc.handle(), ranked(call_priority::critical), 0, 10);
    self->send(svc.handle(), 0, 3);
  });
  book->crash_one_in = 0;
  fixture.rig.advance(1s);
  CHECK(book->handled[0] == std::vector{0, 10, 1, 2, 3});
}

TEST_CASE("options before what is no client's message are refused",
          "[gate][key][hostile]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client mallory{fixture.rig};
  fixture.forge(
    echo.handle(), nullptr,
    caf::make_message(key("x"), caf::exit_msg{{}, caf::exit_reason::kill}));
  fixture.forge(echo.handle(), nullptr,
                caf::make_message(key("x"), key("y"), 7));
  CHECK(fixture.ask(echo.handle(), 1)->value == 1);
  CHECK(fixture.room("echo").incarnations == 1);
  // A rank that no release knows.
  CHECK(
    fixture.ask(echo.handle(), ranked(static_cast<call_priority>(77)), 2)->value
    == 2);
  CHECK(test::open_requests(echo.gate) == 0);
}
