#include "actors/gate/hedge_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/hedged_call.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

// What a copy of a call has to pass, and what it holds.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a hedge takes a token of the budget", "[gate][hedge]") {
  service_plan plan;
  plan.retry_budget = {.share = 0.5, .per_second = 0};
  behind_hedges m{plan};
  std::vector<std::shared_ptr<const reply<int>>> all;
  for (int i = 0; i < 6; ++i)
    all.push_back(m.ask());
  m.fixture.rig.advance(1s);
  // Half of six.
  CHECK(m.asked() == 9);
  for (size_t i = 0; i < 9; ++i)
    m.answer(i, 8);
  for (const auto& each : all)
    CHECK(each->value == 8);
  m.check_clean();
}

TEST_CASE("each of both has a permit until its work returns",
          "[gate][hedge][bulkhead]") {
  auto n = GENERATE(uint64_t{1}, uint64_t{2});
  gate_fixture fixture;
  service_plan plan;
  plan.replicas = 2;
  plan.hedge = {.extra = 1, .delay = patience};
  plan.bulkhead = fixture.bulkhead("pool", permits(n));
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), may_repeat, keep_atom::value, 7);
  fixture.rig.advance(hedged_after);
  // Without a permit there is no copy, and nobody waits for one.
  CHECK(use(plan.bulkhead) == n);
  REQUIRE(fixture.room("w").kept.size() == n);
  fixture.deliver("w", n - 1, 8);
  CHECK(answer->value == 8);
  CHECK(use(plan.bulkhead) == n - 1);
  if (n == 2)
    fixture.deliver("w", 0, 9);
  CHECK(use(plan.bulkhead) == 0);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("a call that waits for its copy holds no permit",
          "[gate][hedge][bulkhead]") {
  gate_fixture fixture;
  service_plan plan;
  plan.replicas = 2;
  plan.hedge = {.extra = 1, .delay = patience};
  plan.bulkhead = fixture.bulkhead("pool", permits(2));
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), may_repeat, keep_atom::value, 7);
  fixture.rig.advance(hedged_after);
  REQUIRE(use(plan.bulkhead) == 2);
  auto promise = fixture.room("w").kept.at(0);
  caf::anon_send(fixture.room("w").keepers.at(0),
                 task{[=](caf::event_based_actor*) mutable {
                   promise.deliver(caf::make_error(caf::sec::runtime_error));
                 }});
  fixture.rig.run();
  CHECK(use(plan.bulkhead) == 1);
  fixture.deliver("w", 1, 8);
  CHECK(answer->value == 8);
  CHECK(use(plan.bulkhead) == 0);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("a gate that stops answers once what is under way twice",
          "[gate][hedge]") {
  behind_hedges m;
  auto parked = GENERATE(false, true);
  auto answer = m.ask();
  m.fixture.rig.advance(hedged_after);
  REQUIRE(m.asked() == 2);
  if (parked)
    m.fail(0);
  m.at->gate.stop();
  m.fixture.rig.run();
  CHECK(answer->code() == errc::stopped);
  m.answer(1, 8);
  m.check_clean();
}

TEST_CASE("the breaker hears the end of both", "[gate][hedge][breaker]") {
  gate_fixture fixture;
  service_plan plan;
  plan.replicas = 2;
  plan.hedge = {.extra = 1, .delay = patience};
  auto breaker = fixture.breaker("w", {.failure_threshold = 2});
  plan.protections = {breaker};
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), may_repeat, keep_atom::value, 7);
  fixture.rig.advance(hedged_after);
  REQUIRE(fixture.room("w").kept.size() == 2);
  auto winner = GENERATE(size_t{0}, size_t{1});
  fixture.deliver("w", winner, 8);
  CHECK(answer->value == 8);
  CHECK(breaker->metrics().total_calls == 1);
  SECTION("late") {
    fixture.deliver("w", 1 - winner, 8);
    CHECK(breaker->metrics().total_calls == 2);
    CHECK(breaker->metrics().failure_count == 0);
  }
  SECTION("never") {
    fixture.rig.advance(plan.gate.timeout + 4 * plan.gate.grace + 1s);
    CHECK(breaker->metrics().total_calls == 2);
    CHECK(breaker->metrics().failure_count == 1);
  }
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("what a breaker holds back is not copied", "[gate][hedge][breaker]") {
  gate_fixture fixture;
  service_plan plan;
  plan.replicas = 2;
  plan.hedge = {.extra = 1, .delay = patience};
  auto breaker = fixture.breaker("w", {});
  plan.protections = {breaker};
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), may_repeat, keep_atom::value, 7);
  breaker->set(breaker_state::forced_open);
  fixture.rig.advance(1s);
  CHECK(fixture.room("w").kept.size() == 1);
  fixture.deliver("w", 0, 8);
  CHECK(answer->value == 8);
}

TEST_CASE("another node is another replica", "[gate][hedge][peer]") {
  behind_hedges m{{}, 1};
  auto& far = m.fixture.work("far");
  m.at->gate.peer_up("beta",
                     caf::actor_cast<caf::strong_actor_ptr>(far.handle()));
  m.fixture.rig.run();
  auto answer = m.ask();
  m.fixture.rig.advance(hedged_after);
  REQUIRE(m.fixture.room("far").kept.size() == 1);
  m.fixture.deliver("far", 0, 8);
  CHECK(answer->value == 8);
  m.answer(0, 9);
  m.check_clean();
  CHECK(open_requests(far.gate) == 0);
}

namespace {

/// Another node's gate that gives back what it got, when the test says so.
struct reluctant_peer {
  caf::response_promise promise;
  envelope got;
};

caf::behavior gives_back(caf::event_based_actor* self,
                         std::shared_ptr<reluctant_peer> of) {
  return {
    [=](envelope& what) -> caf::result<envelope> {
      of->got = std::move(what);
      of->promise = self->make_response_promise();
      return caf::delegated<envelope>{};
    },
    [=](caf::ok_atom) { of->promise.deliver(of->got); },
  };
}

} // namespace

TEST_CASE("a call that is given back by a node that drains waits for its copy",
          "[gate][hedge][peer]") {
  gate_fixture fixture;
  auto first = std::make_shared<reluctant_peer>();
  auto peer = fixture.rig.system().spawn(gives_back, first);
  auto& second = fixture.work("second", {});
  service_plan plan;
  // So that nothing is left but the copy.
  plan.gate.hop_limit = 1;
  plan.hedge = {.extra = 1, .delay = patience};
  auto& w = fixture.work("w", plan);
  fixture.change(w.gate, 0, child_state::stopping, 1);
  w.gate.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(peer));
  fixture.rig.run();
  auto answer = fixture.ask(w.handle(), may_repeat, keep_atom::value, 7);
  REQUIRE(first->promise.pending());
  w.gate.peer_up("gamma",
                 caf::actor_cast<caf::strong_actor_ptr>(second.handle()));
  fixture.rig.advance(hedged_after);
  REQUIRE(fixture.room("second").kept.size() == 1);
  // It has no hops left for a third node.
  w.gate.core()->requests().for_each(
    [&](pending_id id, const pending_word&, int64_t) {
      w.gate.core()->requests().mark(id).store(1);
    });
  caf::anon_send(peer, caf::ok_atom_v);
  fixture.rig.run();
  CHECK(answer->open());
  fixture.deliver("second", 0, 8);
  CHECK(answer->value == 8);
  CHECK(open_requests(w.gate) == 0);
  caf::anon_send_exit(peer, caf::exit_reason::kill);
  fixture.rig.run();
}

TEST_CASE("a copy of a call that is over takes no token", "[gate][hedge]") {
  detail::hedged_call call{pending_id::make(1, 1), {}};
  int paid = 0;
  auto pay = [&] { return ++paid > 0; };
  auto begin = [&] {
    return call.begin_copy(pending_id::make(2, 1), {}, time_point{}, pay);
  };
  SECTION("it ends first") {
    call.end();
    CHECK_FALSE(begin());
    CHECK(paid == 0);
  }
  SECTION("there is one already") {
    CHECK(begin());
    CHECK_FALSE(begin());
    CHECK(paid == 1);
  }
}

TEST_CASE("the delay is the quantile of the latest calls", "[gate][hedge]") {
  service_plan plan;
  plan.hedge.samples_min = 10;
  behind_hedges m{plan};
  for (size_t i = 0; i < 10; ++i) {
    m.ask();
    m.fixture.rig.advance(30ms);
    // Before that nobody knows what is late.
    REQUIRE(m.asked() == i + 1);
    m.answer(i, 8);
  }
  auto answer = m.ask();
  m.fixture.rig.advance(29ms);
  CHECK(m.asked() == 11);
  m.fixture.rig.advance(2ms);
  CHECK(m.asked() == 12);
  m.answer(11, 8);
  m.answer(10, 8);
  m.check_clean();
}

TEST_CASE("hedges are refused by service, field, value and rule",
          "[gate][hedge]") {
  deterministic_system rig;
  gate_settings settings{"g"};
  settings.hedge = {.extra = 2};
  CHECK_THROWS_WITH(gate(rig.system(), settings),
                    "service g: hedge.extra is 2; it must be at least 0 and "
                    "at most 1");
}
