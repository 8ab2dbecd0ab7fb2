#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

// Calls that a gate tries again.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

const call_options idempotent_call{.idempotent = true};

/// How a service behaves, over all its replicas, and what it was asked.
struct first_failures {
  int fails = 0;
  std::vector<int> asked;
  std::vector<caf::actor_addr> who;
};

/// Answers with what it gets, after it has failed so often.
caf::behavior fails_first(caf::event_based_actor* self,
                          std::shared_ptr<first_failures> of) {
  return {
    [=](int x) -> caf::result<int> {
      of->asked.push_back(x);
      of->who.push_back(self->address());
      if (of->fails-- > 0)
        return caf::make_error(caf::sec::runtime_error, "moody");
      return x;
    },
    [=](boom_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

struct behind_retries {
  explicit behind_retries(service_plan plan = {}) {
    if (!plan.retry)
      plan.retry = retry_options{.initial = 100ms, .jitter = 0};
    at = &fixture.serve("m", make_replica_factory(fails_first, its), plan);
  }

  auto ask(int x, const call_options& how = idempotent_call) {
    return fixture.ask(at->handle(), how, x);
  }

  int asked() const { return static_cast<int>(its->asked.size()); }

  gate_fixture fixture;
  std::shared_ptr<first_failures> its = std::make_shared<first_failures>();
  const service* at = nullptr;
};

} // namespace

TEST_CASE("a call that failed is tried again after a backoff",
          "[gate][retry]") {
  behind_retries m;
  m.its->fails = 2;
  auto answer = m.ask(7);
  CHECK(m.asked() == 1);
  m.fixture.rig.advance(99ms);
  CHECK(m.asked() == 1);
  m.fixture.rig.advance(1ms);
  CHECK(m.asked() == 2);
  CHECK(answer->open());
  m.fixture.rig.advance(200ms);
  CHECK(answer->value == 7);
  CHECK(m.asked() == 3);
  CHECK(open_requests(m.at->gate) == 0);
  CHECK(m.at->gate.status().waiting == 0);
}

TEST_CASE("what is given up tells its attempts", "[gate][retry]") {
  behind_retries m;
  m.its->fails = 10;
  auto answer = m.ask(7);
  m.fixture.rig.advance(1s);
  CHECK(answer->error == caf::sec::runtime_error);
  CHECK(attempts_of(answer->error) == 3u);
  CHECK_THAT(describe(answer->error), Catch::Contains("moody"));
  CHECK(m.asked() == 3);
  CHECK(open_requests(m.at->gate) == 0);
}

TEST_CASE("what is not idempotent is not tried again", "[gate][retry]") {
  behind_retries m;
  m.its->fails = 10;
  auto answer = m.ask(7, {});
  CHECK(answer->error == caf::sec::runtime_error);
  CHECK_FALSE(attempts_of(answer->error));
  CHECK(m.asked() == 1);
}

TEST_CASE("another replica is asked first, as long as there is one",
          "[gate][retry]") {
  service_plan plan;
  plan.replicas = 3;
  behind_retries m{plan};
  for (int i = 0; i < 10; ++i) {
    m.its->who.clear();
    m.its->fails = 2;
    auto answer = m.ask(i);
    m.fixture.rig.advance(1s);
    CHECK(answer->value == i);
    CHECK(std::set(m.its->who.begin(), m.its->who.end()).size() == 3);
  }
}

TEST_CASE("another replica is asked first within a bulkhead, too",
          "[gate][retry]") {
  gate_fixture fixture;
  service_plan plan;
  plan.replicas = 2;
  plan.retry = retry_options{.initial = 100ms, .jitter = 0};
  plan.bulkhead = fixture.bulkhead("pool", permits(1));
  auto its = std::make_shared<first_failures>();
  auto& m = fixture.serve("m", make_replica_factory(fails_first, its), plan);
  for (int i = 0; i < 10; ++i) {
    its->who.clear();
    its->fails = 1;
    auto answer = fixture.ask(m.handle(), idempotent_call, i);
    // It holds no permit while it waits.
    CHECK(use(plan.bulkhead) == 0);
    fixture.rig.advance(1s);
    CHECK(answer->value == i);
    CHECK(std::set(its->who.begin(), its->who.end()).size() == 2);
  }
  CHECK(use(plan.bulkhead) == 0);
}

TEST_CASE("what has opened its breaker is answered, not tried again",
          "[gate][retry][breaker]") {
  gate_fixture fixture;
  service_plan plan;
  plan.retry = retry_options{.initial = 100ms, .jitter = 0};
  plan.protections = {fixture.breaker("m", {.failure_threshold = 2})};
  auto its = std::make_shared<first_failures>();
  its->fails = 10;
  auto& m = fixture.serve("m", make_replica_factory(fails_first, its), plan);
  auto answer = fixture.ask(m.handle(), idempotent_call, 7);
  fixture.rig.advance(1s);
  CHECK(answer->error == caf::sec::runtime_error);
  CHECK(attempts_of(answer->error) == 2u);
  CHECK(its->asked.size() == 2);
  CHECK(fixture.ask(m.handle(), idempotent_call, 8)->code()
        == errc::circuit_open);
}

TEST_CASE("an empty budget means that the error at hand is the answer",
          "[gate][retry]") {
  service_plan plan;
  plan.retry_budget = {.share = 0.2, .per_second = 0};
  behind_retries m{plan};
  m.its->fails = 100;
  std::vector<std::shared_ptr<const reply<int>>> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(m.ask(i));
    m.fixture.rig.advance(1ms);
  }
  m.fixture.rig.advance(2s);
  // A fifth of ten.
  CHECK(m.asked() == 12);
  for (const auto& each : all)
    CHECK(each->error == caf::sec::runtime_error);
  // Nobody above is to try it again.
  CHECK(attempts_of(all[0]->error) == 1u);
}

TEST_CASE("a backoff that ends after the deadline is not waited for",
          "[gate][retry]") {
  service_plan plan;
  plan.retry = retry_options{.initial = 5s, .max = 5s, .jitter = 0};
  behind_retries m{plan};
  m.its->fails = 10;
  CHECK(m.ask(7)->error == caf::sec::runtime_error);
  CHECK(m.asked() == 1);
}

TEST_CASE("a repeat after a death that the message caused is a retry",
          "[gate][retry][death]") {
  service_plan plan;
  plan.gate.poison_limit = 10;
  auto budget = GENERATE(0u, 3u);
  plan.retry_budget = {.share = 0, .per_second = budget};
  behind_retries m{plan};
  auto poison =
    m.fixture.ask(m.at->handle(), idempotent_call, boom_atom::value);
  m.fixture.rig.advance(4s);
  CHECK(poison->code() == errc::service_crashed);
  CHECK(attempts_of(poison->error) == (budget == 0 ? 1u : 3u));
  CHECK(open_requests(m.at->gate) == 0);
}

TEST_CASE("a bystander's repeat takes no token", "[gate][retry][death]") {
  gate_fixture fixture;
  service_plan plan;
  plan.retry = retry_options{};
  plan.retry_budget = {.share = 0, .per_second = 0};
  auto& w = fixture.work("w", plan);
  auto kept = fixture.ask(w.handle(), idempotent_call, keep_atom::value, 1);
  CHECK(fixture.ask(w.handle(), boom_atom::value)->code()
        == errc::service_crashed);
  fixture.rig.advance(1s);
  REQUIRE(fixture.room("w").kept.size() == 2);
  fixture.deliver("w", 1, 5);
  CHECK(kept->value == 5);
}

TEST_CASE("a call that waits for its next attempt outlives its replica",
          "[gate][retry][death]") {
  behind_retries m;
  m.its->fails = 1;
  auto answer = m.ask(7);
  client alice{m.fixture.rig};
  auto crash = alice.asks<int>(m.at->handle(), boom_atom::value);
  CHECK(crash->code() == errc::service_crashed);
  CHECK(m.at->gate.status().waiting == 1);
  m.fixture.rig.advance(1s);
  CHECK(answer->value == 7);
  CHECK(open_requests(m.at->gate) == 0);
}

TEST_CASE("a call that waits for its next attempt goes to who comes after",
          "[gate][retry]") {
  behind_retries m;
  m.its->fails = 1;
  auto answer = m.ask(7);
  m.fixture.change(m.at->gate, 0, child_state::stopping, 1);
  m.fixture.rig.advance(1s);
  CHECK(answer->open());
  auto fresh = m.fixture.spawn_replica(m.at->gate, 0, 2, "other");
  m.fixture.change(m.at->gate, 0, child_state::up, 2, fresh);
  CHECK(answer->value == 7);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(fresh),
                      caf::exit_reason::kill);
  m.fixture.rig.run();
}

TEST_CASE("what follows with its key waits for a retry, all else does not",
          "[gate][retry]") {
  behind_retries m;
  m.its->fails = 1;
  client alice{m.fixture.rig};
  call_options keyed{.key = "k", .idempotent = true};
  auto first = alice.asks<int>(m.at->handle(), keyed, 1);
  auto second = alice.asks<int>(m.at->handle(), keyed, 2);
  auto other = alice.asks<int>(m.at->handle(), 3);
  CHECK(other->value == 3);
  CHECK(second->open());
  m.fixture.rig.advance(100ms);
  CHECK(first->value == 1);
  CHECK(second->value == 2);
  CHECK(m.its->asked == std::vector{1, 3, 1, 2});
}

TEST_CASE("plain sends are tried again, and given up as dead letters",
          "[gate][retry]") {
  behind_retries m;
  m.its->fails = 3;
  client alice{m.fixture.rig};
  alice.sends(m.at->handle(), idempotent_call, 7);
  m.fixture.rig.advance(1s);
  CHECK(m.asked() == 3);
  CHECK(m.fixture.all(event_kind::dead_letter).size() == 1);
  m.its->fails = 1;
  alice.sends(m.at->handle(), idempotent_call, 8);
  m.fixture.rig.advance(1s);
  CHECK(m.asked() == 5);
  CHECK(m.fixture.all(event_kind::dead_letter).size() == 1);
}

TEST_CASE("a gate that stops answers what waits for its next attempt",
          "[gate][retry]") {
  behind_retries m;
  m.its->fails = 1;
  auto answer = m.ask(7);
  m.at->gate.stop();
  m.fixture.rig.run();
  CHECK(answer->code() == errc::stopped);
  CHECK(m.asked() == 1);
}

TEST_CASE("the client's gate tries again, not the service's",
          "[gate][retry][peer]") {
  behind_retries m;
  m.its->fails = 10;
  auto& far =
    m.fixture.serve("far", make_replica_factory(fails_first, m.its), [] {
      service_plan plan;
      plan.retry = retry_options{.initial = 100ms, .jitter = 0};
      return plan;
    }());
  m.fixture.change(far.gate, 0, child_state::stopping, 1);
  far.gate.peer_up("beta",
                   caf::actor_cast<caf::strong_actor_ptr>(m.at->handle()));
  m.fixture.rig.run();
  auto answer = m.fixture.ask(far.handle(), idempotent_call, 7);
  m.fixture.rig.advance(2s);
  CHECK(answer->error == caf::sec::runtime_error);
  CHECK(attempts_of(answer->error) == 3u);
  CHECK(m.asked() == 3);
}

namespace {

/// Asks the next one, after it has failed so often itself.
caf::behavior passes_on(caf::event_based_actor* self, caf::actor next,
                        std::shared_ptr<int> fails) {
  return {[=](int x) -> caf::result<int> {
    if ((*fails)-- > 0)
      return caf::make_error(caf::sec::runtime_error, "itself");
    auto answer = self->make_response_promise<int>();
    self->request(next, caf::infinite, idempotent_call, x)
      .then([=](int y) mutable { answer.deliver(y); },
            [=](caf::error& why) mutable { answer.deliver(std::move(why)); });
    return answer;
  }};
}

} // namespace

TEST_CASE("retries do not multiply down a chain", "[gate][retry]") {
  behind_retries m;
  m.its->fails = 100;
  auto fails = std::make_shared<int>(0);
  service_plan plan;
  plan.retry = retry_options{.initial = 100ms, .jitter = 0};
  auto& outer = m.fixture.serve(
    "outer", make_replica_factory(passes_on, m.at->handle(), fails), plan);
  SECTION("what was tried again below is not tried again above") {
    auto answer = m.fixture.ask(outer.handle(), idempotent_call, 1);
    m.fixture.rig.advance(3s);
    CHECK(answer->error == caf::sec::runtime_error);
    CHECK(m.asked() == 3);
  }
  SECTION("the handler of a later attempt makes calls of one attempt") {
    *fails = 1;
    auto answer = m.fixture.ask(outer.handle(), idempotent_call, 1);
    m.fixture.rig.advance(3s);
    CHECK(answer->error == caf::sec::runtime_error);
    CHECK(attempts_of(answer->error) == 3u);
    CHECK(m.asked() == 2);
  }
}

TEST_CASE("retries are refused by service, field, value and rule",
          "[gate][retry]") {
  deterministic_system rig;
  gate_settings settings{"g"};
  settings.retry = retry_options{.attempts = 0};
  CHECK_THROWS_WITH(gate(rig.system(), settings),
                    "service g: retry.attempts is 0; it must be at least 1 and "
                    "at most 100");
  settings.retry = retry_options{.attempt_timeout = -1s};
  CHECK_THROWS_WITH(gate(rig.system(), settings),
                    "service g: retry.attempt_timeout is -1s; it must be 0ms "
                    "or longer");
}
