#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

// A circuit breaker as one of the protections of a gate.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// A breaker counts its open time in whole microseconds.
constexpr duration open_time = 10s + 1us;

breaker_options quick_breaker() {
  return {.failure_threshold = 2,
          .recovery_timeout = 10s,
          .success_threshold = 2,
          .jitter = 0};
}

/// A service of workers behind a breaker.
struct behind_breaker {
  explicit behind_breaker(service_plan plan = {},
                          const breaker_options& options = quick_breaker())
    : breaker(fixture.breaker("g", options)) {
    plan.protections.push_back(breaker);
    at = &fixture.work("g", plan);
  }

  template <class... Ts>
  auto ask(Ts... xs) {
    return fixture.ask(at->handle(), xs...);
  }

  void open() {
    for (int i = 0; i < 2; ++i)
      REQUIRE(ask(fail_atom::value)->error == caf::sec::invalid_argument);
    REQUIRE(breaker->state() == breaker_state::open);
  }

  void half_open() {
    open();
    fixture.rig.advance(open_time);
  }

  auto failures() { return breaker->metrics().failure_count; }

  gate_fixture fixture;
  std::shared_ptr<service_breaker> breaker;
  const service* at = nullptr;
};

/// What monitors hear of breakers: kind, component and endpoint.
std::vector<std::string> breaker_events(const gate_fixture& fixture) {
  std::vector<std::string> result;
  for (const auto& each : fixture.events) {
    if (each.kind != event_kind::breaker_opened
        && each.kind != event_kind::breaker_half_opened
        && each.kind != event_kind::breaker_closed)
      continue;
    auto text = to_string(each.kind) + " " + each.component;
    for (const auto& [key, value] : each.metadata)
      if (key == "endpoint")
        text += value;
    result.push_back(text);
  }
  return result;
}

} // namespace

TEST_CASE("a gate answers at once what its breaker does not let through",
          "[gate][breaker]") {
  behind_breaker g;
  g.open();
  g.fixture.rig.advance(4s);
  auto refused = g.ask(1);
  CHECK(refused->code() == errc::circuit_open);
  CHECK_THAT(describe(refused->error),
             Catch::StartsWith("g: Circuit breaker is OPEN. Last failure: "));
  auto left = retry_after_of(refused->error).value_or(duration::zero());
  CHECK(left >= 6s);
  CHECK(left <= open_time - 4s + 1us);
  CHECK(g.fixture.room("g").handled.empty());
  CHECK(open_requests(g.at->gate) == 0);
  CHECK(g.breaker->metrics().refused == 1);
}

TEST_CASE("a gate's breaker finds its way back, and tells each change",
          "[gate][breaker]") {
  behind_breaker g;
  g.half_open();
  CHECK(g.ask(1)->value == 1);
  CHECK(g.breaker->state() == breaker_state::half_open);
  CHECK(g.ask(2)->value == 2);
  CHECK(g.breaker->state() == breaker_state::closed);
  CHECK(breaker_events(g.fixture)
        == std::vector<std::string>{"breaker_opened /root/g",
                                    "breaker_half_opened /root/g",
                                    "breaker_closed /root/g"});
}

TEST_CASE("the open time ends when nobody calls, too", "[gate][breaker]") {
  behind_breaker g;
  for (int i = 0; i < 2; ++i)
    CHECK(g.ask(call_options{.endpoint = "/pay"}, fail_atom::value)->error);
  g.fixture.rig.advance(9s);
  CHECK(breaker_events(g.fixture)
        == std::vector<std::string>{"breaker_opened /root/g/pay"});
  g.fixture.rig.advance(open_time - 9s);
  CHECK(breaker_events(g.fixture)
        == std::vector<std::string>{"breaker_opened /root/g/pay",
                                    "breaker_half_opened /root/g/pay"});
}

TEST_CASE("a breaker counts what the service does, not what others refuse",
          "[gate][breaker]") {
  behind_breaker g{{}, {.failure_threshold = 10, .jitter = 0}};
  CHECK(g.ask(fail_atom::value)->error);
  CHECK(g.failures() == 1);
  CHECK(g.ask(boom_atom::value)->code() == errc::service_crashed);
  CHECK(g.failures() == 2);
  g.fixture.rig.advance(1s);
  auto late = g.ask(keep_atom::value, 1);
  g.fixture.rig.advance(6s);
  CHECK(late->code() == errc::timed_out);
  CHECK(g.failures() == 3);
  // What comes too late is neither a failure more nor a success.
  g.fixture.deliver("g", 0, 1);
  CHECK(g.failures() == 3);
  CHECK(g.ask(1.5)->error == caf::sec::unexpected_message);
  CHECK(g.failures() == 3);
  g.fixture.change(g.at->gate, 0, child_state::stopping, 2);
  auto waits = g.ask(1);
  g.fixture.rig.advance(11s);
  CHECK(waits->error);
  CHECK(g.failures() == 3);
  CHECK(g.breaker->metrics().total_calls == 3);
}

TEST_CASE("a success takes a failure away", "[gate][breaker]") {
  behind_breaker g;
  CHECK(g.ask(fail_atom::value)->error);
  CHECK(g.ask(1)->value == 1);
  CHECK(g.failures() == 0);
}

TEST_CASE("no more probes are under way than are still wanted",
          "[gate][breaker]") {
  behind_breaker g;
  g.half_open();
  auto first = g.ask(keep_atom::value, 1);
  auto second = g.ask(keep_atom::value, 2);
  CHECK(g.ask(3)->code() == errc::circuit_open);
  g.fixture.deliver("g", 0, 1);
  CHECK(g.ask(4)->code() == errc::circuit_open);
  g.fixture.deliver("g", 1, 2);
  CHECK(g.breaker->state() == breaker_state::closed);
  CHECK(g.ask(5)->value == 5);
}

TEST_CASE("a probe that a full bulkhead refuses gives its place back",
          "[gate][breaker]") {
  behind_breaker g{{},
                   {.failure_threshold = 2,
                    .recovery_timeout = 10s,
                    .success_threshold = 1,
                    .jitter = 0}};
  service_plan plan;
  plan.bulkhead = g.fixture.bulkhead("pool", permits(1));
  g.breaker = g.fixture.breaker("k", g.breaker->options());
  plan.protections.push_back(g.breaker);
  g.at = &g.fixture.work("k", plan);
  plan.protections.clear();
  auto& other = g.fixture.work("h", plan);
  g.half_open();
  auto held = g.fixture.ask(other.handle(), keep_atom::value, 1);
  for (int i = 0; i < 3; ++i)
    CHECK(g.ask(1)->code() == errc::bulkhead_full);
  CHECK(g.breaker->state() == breaker_state::half_open);
  g.fixture.deliver("h", 0, 1);
  CHECK(g.ask(1)->value == 1);
  CHECK(g.breaker->state() == breaker_state::closed);
}

TEST_CASE("a probe that waited behind a crash is the same one",
          "[gate][breaker][death]") {
  behind_breaker g;
  g.half_open();
  client alice{g.fixture.rig};
  std::vector<int> values;
  alice.does([&](caf::event_based_actor* self) {
    self->request(g.at->handle(), caf::infinite, boom_atom::value)
      .then([](int) {}, [](caf::error&) {});
    self->request(g.at->handle(), caf::infinite, 7).then([&](int x) {
      values.push_back(x);
    });
  });
  CHECK(g.breaker->state() == breaker_state::open);
  g.fixture.rig.advance(1s);
  CHECK(values == std::vector{7});
  // It comes from before the breaker opened again: it closes nothing.
  CHECK(g.breaker->state() == breaker_state::open);
  CHECK(g.ask(1)->code() == errc::circuit_open);
  g.fixture.rig.advance(open_time - 1s);
  CHECK(g.ask(1)->value == 1);
  CHECK(g.ask(2)->value == 2);
  CHECK(g.breaker->state() == breaker_state::closed);
}

TEST_CASE("a probe that is handed over to another replica closes the breaker",
          "[gate][breaker]") {
  behind_breaker g;
  g.half_open();
  g.fixture.change(g.at->gate, 0, child_state::stopping, 1);
  auto first = g.ask(1);
  auto second = g.ask(2);
  CHECK(g.ask(3)->code() == errc::circuit_open);
  CHECK(g.at->gate.status().waiting == 2);
  auto next = g.fixture.spawn_replica(g.at->gate, 0, 2, "g");
  g.fixture.change(g.at->gate, 0, child_state::up, 2, next);
  CHECK(first->value == 1);
  CHECK(second->value == 2);
  CHECK(g.breaker->state() == breaker_state::closed);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(next),
                      caf::exit_reason::kill);
  g.fixture.rig.run();
}

TEST_CASE("a probe that is lost with its replica has failed",
          "[gate][breaker][death]") {
  behind_breaker g;
  g.half_open();
  auto probe = g.ask(keep_atom::value, 1);
  caf::anon_send_exit(g.fixture.room("g").replica, caf::exit_reason::kill);
  g.fixture.rig.run();
  CHECK(probe->code() == errc::replica_lost);
  CHECK(g.breaker->state() == breaker_state::open);
}

TEST_CASE("what has opened its breaker is not tried again",
          "[gate][breaker][death]") {
  service_plan plan;
  plan.gate.poison_limit = 10;
  behind_breaker g{plan};
  auto poison = g.ask(call_options{.idempotent = true}, boom_atom::value);
  g.fixture.rig.advance(5s);
  CHECK(poison->code() == errc::service_crashed);
  CHECK(g.breaker->metrics().total_calls == 2);
  CHECK(g.fixture.room("g").incarnations == 3);
  CHECK(open_requests(g.at->gate) == 0);
}

TEST_CASE("each endpoint has a breaker of its own", "[gate][breaker]") {
  behind_breaker g;
  call_options pay{.endpoint = "/pay"};
  for (int i = 0; i < 2; ++i)
    CHECK(g.ask(pay, fail_atom::value)->error);
  CHECK(g.ask(pay, 1)->code() == errc::circuit_open);
  CHECK(g.ask(call_options{.endpoint = "/list"}, 2)->value == 2);
  CHECK(g.ask(3)->value == 3);
  CHECK(g.breaker->state("/pay") == breaker_state::open);
  CHECK(g.breaker->state() == breaker_state::closed);
  CHECK(breaker_events(g.fixture)
        == std::vector<std::string>{"breaker_opened /root/g/pay"});
}

TEST_CASE("a breaker counts where the client is, not where the service is",
          "[gate][breaker][peer]") {
  behind_breaker g;
  auto here = g.fixture.breaker("g", quick_breaker());
  auto& far = g.fixture.gate("g", {}, 0, {here});
  far.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(g.at->handle()));
  g.fixture.rig.run();
  for (int i = 0; i < 2; ++i)
    CHECK(g.fixture.ask(far.handle(), fail_atom::value)->error);
  CHECK(g.fixture.ask(far.handle(), 1)->code() == errc::circuit_open);
  CHECK(here->state() == breaker_state::open);
  CHECK(g.breaker->metrics().total_calls == 0);
  CHECK(g.ask(1)->value == 1);
}

TEST_CASE("a lost node is a failure of the service", "[gate][breaker][peer]") {
  behind_breaker g;
  auto here = g.fixture.breaker("g", quick_breaker());
  auto& far = g.fixture.gate("g", {}, 0, {here});
  far.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(g.at->handle()));
  g.fixture.rig.run();
  auto one = g.fixture.ask(far.handle(), keep_atom::value, 1);
  auto two = g.fixture.ask(far.handle(), keep_atom::value, 2);
  far.peer_down("beta");
  g.fixture.rig.run();
  CHECK(one->code() == errc::unreachable);
  CHECK(two->code() == errc::unreachable);
  CHECK(here->state() == breaker_state::open);
}

TEST_CASE("an operator holds a service's breaker open, and lets go",
          "[gate][breaker]") {
  behind_breaker g;
  g.breaker->set(breaker_state::forced_open);
  g.fixture.rig.advance(1h);
  auto refused = g.ask(1);
  CHECK(refused->code() == errc::circuit_open);
  CHECK_FALSE(retry_after_of(refused->error));
  g.breaker->set(breaker_state::closed);
  CHECK(g.ask(1)->value == 1);
  CHECK_THROWS_WITH(g.breaker->set(breaker_state::open),
                    "state is open; it must be closed, forced_open, disabled "
                    "or metrics_only");
}

TEST_CASE("a plain send that a breaker refuses is a dead letter",
          "[gate][breaker]") {
  behind_breaker g;
  g.open();
  client alice{g.fixture.rig};
  alice.sends(g.at->handle(), 1);
  CHECK(g.fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(g.fixture.room("g").handled.empty());
}

TEST_CASE("a breaker's options are refused by service, field and rule",
          "[gate][breaker]") {
  gate_fixture fixture;
  CHECK_THROWS_WITH(fixture.breaker("g", {.failure_threshold = 0}),
                    "service g: breaker.failure_threshold is 0; it must be at "
                    "least 1 and at most 1000");
}
