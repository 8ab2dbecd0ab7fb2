#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

// Which message is to blame for the end of a replica, and what becomes of the
// others that it had taken up: its bystanders.

using namespace bulwark;
using namespace std::chrono_literals;
using test::boom_atom;
using test::client;
using test::gate_fixture;
using test::keep_atom;
using test::service_plan;

namespace {

const call_options again{.idempotent = true};

const std::string lost =
  "s: was taken up by a replica that ended before it answered";

/// One death is one too many for a message that is to blame.
service_plan strict() {
  service_plan plan;
  plan.gate.poison_limit = 1;
  plan.gate.timeout = 1min;
  plan.gate.stash_wait = 1min;
  plan.restart = {.initial = 1ms, .max = 1ms, .jitter = 0, .intensity = 1000};
  plan.limits.intensity = 1000;
  return plan;
}

/// Answers 5 ms later; crashes at once on 13.
caf::behavior delayer(caf::event_based_actor* self) {
  return {
    [=](int x) {
      if (x == 13)
        throw std::runtime_error{"13"};
      auto promise = self->make_response_promise<int>();
      auto answer = [=](caf::event_based_actor*) mutable {
        promise.deliver(x);
      };
      self->delayed_send(self, 5ms, test::task{answer});
      return promise;
    },
    [=](const test::task& x) { x.run(self); },
  };
}

} // namespace

// Each death counted against the poison limit of all that the replica had
// open: of 200 idempotent requests, one of them poison, 190 failed.
TEST_CASE("one poisonous message among 200 idempotent ones fails alone",
          "[gate][bystanders]") {
  gate_fixture fixture;
  auto plan = strict();
  plan.gate.poison_limit = 3;
  auto& service = fixture.serve("s", make_replica_factory(delayer), plan);
  client alice{fixture.rig};
  std::vector<std::string> errors;
  int values = 0;
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 200; ++i)
      self
        ->request(service.handle(), caf::infinite, again,
                  i == 190 ? 13 : 1000 + i)
        .then([&](int) { ++values; },
              [&](caf::error& x) { errors.push_back(describe(x)); });
  });
  fixture.rig.advance(1s);
  CHECK(values == 199);
  CHECK(errors == std::vector<std::string>{"std::runtime_error: 13"});
  CHECK(fixture.all(event_kind::child_failed).size() == 3);
  CHECK(test::open_requests(service.gate) == 0);
}

// Ada was told the text of the exception that Bob's message had caused.
TEST_CASE("a bystander is told that its replica was lost, and no more",
          "[gate][bystanders]") {
  gate_fixture fixture;
  auto& service = fixture.work("s");
  auto ada = fixture.ask(service.handle(), keep_atom::value, 1);
  client{fixture.rig}.sends(service.handle(), keep_atom::value, 2);
  auto bob = fixture.ask(service.handle(), boom_atom::value);
  CHECK(bob->code() == errc::service_crashed);
  CHECK(describe(bob->error) == "std::runtime_error: boom");
  CHECK(ada->code() == errc::replica_lost);
  CHECK(describe(ada->error) == lost);
  auto letters = fixture.all(event_kind::dead_letter);
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].reason == lost);
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].reason == "std::runtime_error: boom");
  CHECK(test::open_requests(service.gate) == 0);
  CHECK(service.gate.status().in_flight == 0);
}

TEST_CASE("an idempotent bystander is tried again, at most bystander_limit "
          "times",
          "[gate][bystanders]") {
  gate_fixture fixture;
  auto plan = strict();
  auto limit = GENERATE(0u, 1u, 3u, gate_options{}.bystander_limit);
  plan.gate.bystander_limit = limit;
  auto& service = fixture.work("s", plan);
  bool asks = GENERATE(true, false);
  client alice{fixture.rig};
  auto kept = std::make_shared<const test::reply<int>>();
  if (asks)
    kept = alice.asks<int>(service.handle(), again, keep_atom::value, 1);
  else
    alice.sends(service.handle(), again, keep_atom::value, 1);
  for (uint32_t i = 0; i < limit; ++i) {
    CHECK(fixture.ask(service.handle(), boom_atom::value)->code()
          == errc::service_crashed);
    fixture.rig.advance(10ms);
    CHECK(kept->open());
    CHECK(fixture.room("s").handled.size() == i + 2);
  }
  CHECK(fixture.all(event_kind::dead_letter).empty());
  fixture.ask(service.handle(), boom_atom::value);
  fixture.rig.advance(10ms);
  CHECK(fixture.room("s").handled.size() == limit + 1);
  if (asks) {
    CHECK(kept->code() == errc::replica_lost);
    CHECK(describe(kept->error) == lost);
  } else {
    REQUIRE(fixture.all(event_kind::dead_letter).size() == 1);
    CHECK(fixture.all(event_kind::dead_letter)[0].reason == lost);
  }
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("who ends without an exception blames nobody", "[gate][bystanders]") {
  gate_fixture fixture;
  auto& service = fixture.work("s", strict());
  auto repeated = fixture.ask(service.handle(), again, keep_atom::value, 1);
  auto once = fixture.ask(service.handle(), keep_atom::value, 2);
  auto quit = [&](const caf::error& why) {
    fixture.inside("s", [=](caf::event_based_actor* self) { self->quit(why); });
  };
  SECTION("killed from outside") {
    caf::anon_send_exit(fixture.room("s").replica, caf::exit_reason::kill);
  }
  SECTION("ended by an exit message with an error") {
    caf::anon_send_exit(fixture.room("s").replica, caf::exit_reason::unknown);
  }
  SECTION("by an error of its own") {
    quit(make_error(errc::not_found, "no disk"));
  }
  SECTION("by its own will, and is started again") {
    quit({});
  }
  SECTION("with user_shutdown, and is started again") {
    quit(caf::exit_reason::user_shutdown);
  }
  fixture.rig.advance(1s);
  CHECK(once->code() == errc::replica_lost);
  CHECK(describe(once->error) == lost);
  CHECK(repeated->open());
  REQUIRE(fixture.room("s").handled == std::vector{1, 2, 1});
  fixture.deliver("s", 2, 11);
  CHECK(repeated->value == 11);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("an exception on what a service sent itself blames nobody",
          "[gate][bystanders]") {
  gate_fixture fixture;
  auto& service = fixture.work("s", strict());
  auto repeated = fixture.ask(service.handle(), again, keep_atom::value, 1);
  auto once = fixture.ask(service.handle(), keep_atom::value, 2);
  fixture.inside("s", [](caf::event_based_actor* self) {
    self->delayed_send(self, 1ms, boom_atom::value);
  });
  fixture.rig.advance(1s);
  CHECK(once->code() == errc::replica_lost);
  CHECK(repeated->open());
  CHECK(fixture.room("s").handled == std::vector{1, 2, 1});
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].reason == "std::runtime_error: boom");
}

TEST_CASE("a request whose handler made its promise before it threw is to "
          "blame",
          "[gate][bystanders]") {
  gate_fixture fixture;
  int seen = 0;
  auto early = [&](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=, &seen](int) -> caf::result<int> {
        ++seen;
        auto promise = self->make_response_promise<int>();
        throw std::runtime_error{"early"};
        return promise;
      },
      [](keep_atom) { return caf::delegated<int>{}; },
    };
  };
  auto plan = strict();
  plan.gate.poison_limit = 2;
  auto& service = fixture.serve("s", make_replica_factory(early), plan);
  auto kept = fixture.ask(service.handle(), keep_atom::value);
  auto once = fixture.ask(service.handle(), 1);
  CHECK(once->code() == errc::service_crashed);
  CHECK(describe(once->error) == "std::runtime_error: early");
  CHECK(kept->code() == errc::replica_lost);
  fixture.rig.advance(1s);
  auto poison = fixture.ask(service.handle(), again, 1);
  fixture.rig.advance(1s);
  CHECK(poison->code() == errc::service_crashed);
  CHECK(seen == 3);
  CHECK(test::open_requests(service.gate) == 0);
}

namespace {

/// Asks another one for each number, and does not like what it gets.
caf::behavior picky(caf::event_based_actor* self, const caf::actor& other,
                    bool throws, int* seen) {
  return {
    [=](int x) {
      ++*seen;
      auto asked = self->request(other, caf::infinite, keep_atom::value, x);
      if (throws)
        asked.then([](int) { throw std::runtime_error{"no"}; });
      else
        asked.then([](int) {});
      return caf::delegated<int>{};
    },
    [](keep_atom) { return caf::delegated<int>{}; },
  };
}

} // namespace

TEST_CASE("what fails on a response fails the request it was made for",
          "[gate][bystanders]") {
  gate_fixture fixture;
  auto& other = fixture.work("other");
  int seen = 0;
  auto [throws, error, text] = GENERATE(table<bool, caf::error, std::string>(
    {{true, caf::none, "std::runtime_error: no"},
     {false, make_error(errc::timed_out, "other: late"), "other: late"},
     // Not that of its own node.
     {false, make_error(errc::unreachable, "other: node b was lost"),
      "other: node b was lost"}}));
  auto& service = fixture.serve(
    "s", make_replica_factory(picky, other.handle(), throws, &seen), strict());
  auto kept = fixture.ask(service.handle(), keep_atom::value);
  auto repeated = fixture.ask(service.handle(), again, keep_atom::value);
  auto poison = fixture.ask(service.handle(), again, 1);
  if (throws) {
    fixture.deliver("other", 0, 1);
  } else {
    // There is no handler for errors, so that the error ends the service.
    fixture.inside("other", [&, &why = error](caf::event_based_actor*) {
      fixture.room("other").kept.at(0).deliver(why);
    });
  }
  fixture.rig.advance(1s);
  CHECK(seen == 1);
  CHECK(poison->code() == errc::service_crashed);
  CHECK(describe(poison->error) == text);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(repeated->open());
}

TEST_CASE("of a replica that hangs the request in its handler is to blame",
          "[gate][bystanders][hung]") {
  gate_fixture fixture;
  auto plan = strict();
  plan.replicas = 2;
  plan.gate.poison_limit = GENERATE(1u, 2u);
  auto& service = fixture.work("s", plan);
  service.gate.core()->close_slot(1, 1);
  auto kept = fixture.ask(service.handle(), keep_atom::value, 1);
  auto repeated = fixture.ask(service.handle(), again, keep_atom::value, 2);
  // It is given up while it is in this handler.
  auto hang = [&](caf::event_based_actor* self) {
    self->make_response_promise();
    auto& core = *service.gate.core();
    child_change given_up{child_state::abandoned, 1, nullptr, {}};
    core.deaths().abandon({0, given_up, core.control_of(0)}, self->context());
  };
  auto hangs = fixture.ask(service.handle(), again, test::task{hang});
  CHECK(kept->code() == errc::replica_lost);
  CHECK(describe(kept->error)
        == "s: was with a replica that got stuck and was replaced");
  CHECK(repeated->open());
  if (plan.gate.poison_limit == 1) {
    CHECK(hangs->code() == errc::service_hung);
    CHECK(describe(hangs->error) == "s: got stuck and was replaced");
    CHECK(service.gate.status().waiting == 1);
  } else {
    CHECK(hangs->open());
    CHECK(service.gate.status().waiting == 2);
  }
}

TEST_CASE("a promise that is open when its service stops for good is told so",
          "[gate][bystanders][stop]") {
  gate_fixture fixture;
  auto plan = strict();
  auto code = errc::stopped;
  plan.restart.type = GENERATE(restart_type::transient, restart_type::temporary,
                               restart_type::permanent);
  if (plan.restart.type == restart_type::permanent)
    code = errc::replica_lost;
  auto& service = fixture.work("s", plan);
  auto kept = fixture.ask(service.handle(), keep_atom::value, 1);
  SECTION("it ends by itself") {
    fixture.inside("s", [](caf::event_based_actor* self) { self->quit(); });
  }
  SECTION("its restart type has changed meanwhile") {
    plan.restart.type = plan.restart.type == restart_type::permanent
                          ? restart_type::transient
                          : restart_type::permanent;
    code = code == errc::stopped ? errc::replica_lost : errc::stopped;
    client ops{fixture.rig};
    auto changed =
      ops.tells(service.supervisor, change_restart{"s#1", plan.restart});
    REQUIRE(changed->value);
    fixture.inside("s", [](caf::event_based_actor* self) { self->quit(); });
  }
  SECTION("its supervisor stops it, and it does not answer in its time") {
    code = errc::stopped;
    fixture.stop(service.supervisor);
    fixture.rig.advance(10s);
  }
  CHECK(kept->code() == code);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("what one of two replicas leaves behind for good is not stopped",
          "[gate][bystanders][stop]") {
  gate_fixture fixture;
  auto plan = strict();
  plan.replicas = 2;
  plan.restart.type = restart_type::transient;
  auto& service = fixture.work("s", plan);
  auto one = fixture.ask(service.handle(), keep_atom::value, 1);
  auto two = fixture.ask(service.handle(), keep_atom::value, 2);
  auto& room = fixture.room("s");
  auto quit = [&](const caf::actor& which) {
    caf::anon_send(which, test::task{[](auto* self) { self->quit(); }});
    fixture.rig.run();
  };
  REQUIRE(room.keepers.size() == 2);
  quit(room.keepers[0]);
  CHECK(one->code() == errc::replica_lost);
  quit(room.keepers[1]);
  CHECK(two->code() == errc::stopped);
}

TEST_CASE("what is open when a group is restarted is lost, not stopped",
          "[gate][bystanders][stop]") {
  gate_fixture fixture;
  auto plan = strict();
  plan.replicas = 2;
  plan.strategy = restart_strategy::one_for_all;
  plan.restart.shutdown = 1s;
  auto& service = fixture.work("s", plan);
  auto one = fixture.ask(service.handle(), keep_atom::value, 1);
  auto two = fixture.ask(service.handle(), keep_atom::value, 2);
  caf::anon_send_exit(fixture.room("s").keepers[0], caf::exit_reason::kill);
  fixture.rig.advance(1s);
  CHECK(one->code() == errc::replica_lost);
  CHECK(two->code() == errc::replica_lost);
  CHECK(fixture.room("s").incarnations == 4);
}
