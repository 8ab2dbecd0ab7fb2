#include "actors/gate/every_third.hpp"
#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

// Protections of a gate's own: what they are asked, and what they are told.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// A service of workers behind `every_third`.
struct guarded {
  explicit guarded(service_plan plan = {}) {
    plan.protections.push_back(rule); // The one line.
    at = &fixture.work("g", plan);
  }

  auto ask(int x) { return fixture.ask(at->handle(), x); }

  /// What became of the attempt that was let in as number `i`.
  every_third::story story(size_t i) const { return rule->stories().at(i); }

  gate_fixture fixture;
  std::shared_ptr<every_third> rule = std::make_shared<every_third>();
  const service* at = nullptr;
};

void check_end(const every_third::story& of, attempt_outcome how,
               errc code = {}) {
  REQUIRE(of.ends.size() == 1);
  CHECK(of.ends[0].how == how);
  CHECK(of.ends[0].code == code);
  CHECK(of.went == (how != attempt_outcome::never_went));
}

/// Lets each attempt go so much later.
class delay final : public protection {
public:
  explicit delay(duration by) : by_(by) {}

  permission may_go(const call_attempt& what) override {
    return permission::later(what.now + by_);
  }
  void went(uint64_t) noexcept override { ++gone; }
  void ended(uint64_t, const attempt_end& how) noexcept override {
    refused += how.how == attempt_outcome::never_went;
  }

  int gone = 0;
  int refused = 0;

private:
  duration by_;
};

} // namespace

TEST_CASE("a protection refuses attempts, with words of its own",
          "[gate][protection]") {
  guarded g;
  for (int i = 1; i <= 6; ++i) {
    auto answer = g.ask(i);
    if (i % 3 != 0) {
      CHECK(answer->value == i);
      continue;
    }
    CHECK(answer->code() == errc::rate_limited);
    CHECK_THAT(to_string(answer->error), Catch::Contains("g: the third"));
  }
  CHECK(open_requests(g.at->gate) == 0);
  CHECK(g.rule->asked() == 6);
  for (size_t i = 0; i < 4; ++i)
    check_end(g.story(i), attempt_outcome::value);
}

TEST_CASE("it learns how long a replica took", "[gate][protection]") {
  guarded g;
  auto answer = g.fixture.ask(g.at->handle(), keep_atom::value, 1);
  g.fixture.rig.advance(70ms);
  g.fixture.deliver("g", 0, 1);
  REQUIRE(answer->value == 1);
  CHECK(g.story(0).ends.at(0).took == 70ms);
}

TEST_CASE("it learns of errors and of crashes", "[gate][protection]") {
  guarded g;
  auto failed = g.fixture.ask(g.at->handle(), fail_atom::value);
  REQUIRE(failed->error);
  check_end(g.story(0), attempt_outcome::error);
  auto crashed = g.fixture.ask(g.at->handle(), boom_atom::value);
  REQUIRE(crashed->code() == errc::service_crashed);
  check_end(g.story(1), attempt_outcome::failed, errc::service_crashed);
}

TEST_CASE("it learns of a deadline once", "[gate][protection]") {
  guarded g;
  auto late = g.fixture.ask(g.at->handle(), keep_atom::value, 1);
  g.fixture.rig.advance(6s);
  REQUIRE(late->code() == errc::timed_out);
  g.fixture.deliver("g", 0, 1);
  check_end(g.story(0), attempt_outcome::failed, errc::timed_out);
}

TEST_CASE("what was not begun when a replica crashed is the same attempt",
          "[gate][protection][death]") {
  guarded g;
  client alice{g.fixture.rig};
  std::vector<int> values;
  alice.does([&](caf::event_based_actor* self) {
    self->request(g.at->handle(), caf::infinite, boom_atom::value)
      .then([](int) {}, [](caf::error&) {});
    self->request(g.at->handle(), caf::infinite, 7).then([&](int x) {
      values.push_back(x);
    });
  });
  g.fixture.rig.advance(1s);
  CHECK(values == std::vector{7});
  CHECK(g.rule->asked() == 2);
  check_end(g.story(0), attempt_outcome::failed, errc::service_crashed);
  check_end(g.story(1), attempt_outcome::value);
}

TEST_CASE("what a replica crashed on is a further attempt, and may be refused",
          "[gate][protection][death]") {
  service_plan plan;
  plan.gate.poison_limit = 10;
  guarded g{plan};
  auto poison = g.fixture.ask(g.at->handle(), call_options{.idempotent = true},
                              boom_atom::value);
  g.fixture.rig.advance(10s);
  // The third is refused: then the crash is the answer.
  CHECK(poison->code() == errc::service_crashed);
  CHECK(g.rule->asked() == 3);
  REQUIRE(g.rule->stories().size() == 2);
  CHECK(g.story(0).earlier == 0);
  CHECK(g.story(1).earlier == 1);
  for (size_t i = 0; i < 2; ++i)
    check_end(g.story(i), attempt_outcome::failed, errc::service_crashed);
  CHECK(open_requests(g.at->gate) == 0);
}

TEST_CASE("what waits in vain never went", "[gate][protection]") {
  guarded g;
  g.fixture.change(g.at->gate, 0, child_state::stopping, 1);
  auto answer = g.ask(1);
  g.fixture.rig.advance(11s);
  REQUIRE(answer->error);
  check_end(g.story(0), attempt_outcome::never_went, answer->code());
}

TEST_CASE("what a full bulkhead refuses never went", "[gate][protection]") {
  gate_fixture fixture;
  service_plan plan;
  plan.bulkhead = fixture.bulkhead("pool", permits(1));
  auto rule = std::make_shared<every_third>();
  plan.protections.push_back(rule);
  auto& g = fixture.work("g", plan);
  auto held = fixture.ask(g.handle(), keep_atom::value, 1);
  auto full = fixture.ask(g.handle(), 2);
  CHECK(full->code() == errc::bulkhead_full);
  check_end(rule->stories().at(1), attempt_outcome::never_went,
            errc::bulkhead_full);
  fixture.deliver("g", 0, 1);
  check_end(rule->stories().at(0), attempt_outcome::value);
  CHECK(use(plan.bulkhead) == 0);
}

TEST_CASE("they are asked in order, and those before a refusal are told of it",
          "[gate][protection]") {
  service_plan plan;
  auto first = std::make_shared<every_third>();
  plan.protections.push_back(first);
  guarded g{plan};
  g.rule->may_go({});
  g.rule->may_go({}); // It will refuse the next one.
  CHECK(g.ask(1)->code() == errc::rate_limited);
  check_end(first->stories().at(0), attempt_outcome::never_went,
            errc::rate_limited);
  CHECK(g.ask(2)->value == 2);
}

TEST_CASE("one that may go later waits at the gate until then, in order",
          "[gate][protection]") {
  gate_fixture fixture;
  service_plan plan;
  auto second = std::make_shared<delay>(1s);
  plan.protections.push_back(second);
  if (GENERATE(false, true))
    plan.bulkhead = fixture.bulkhead("pool", permits(5));
  auto& g = fixture.work("g", plan);
  client alice{fixture.rig};
  auto one = alice.asks<int>(g.handle(), 1);
  fixture.rig.advance(500ms);
  auto two = alice.asks<int>(g.handle(), 2);
  CHECK(g.gate.status().waiting == 2);
  fixture.rig.advance(499ms);
  CHECK(one->open());
  fixture.rig.advance(1ms);
  CHECK(one->value == 1);
  CHECK(two->open());
  fixture.rig.advance(500ms);
  CHECK(two->value == 2);
  CHECK(second->gone == 2);
  CHECK(second->refused == 0);
  CHECK(fixture.room("g").handled == std::vector{1, 2});
}

TEST_CASE("one that may go after its deadline only is answered at that",
          "[gate][protection]") {
  gate_fixture fixture;
  service_plan plan;
  auto rule = std::make_shared<delay>(1min);
  plan.protections.push_back(rule);
  auto& g = fixture.work("g", plan);
  auto late = fixture.ask(g.handle(), 1);
  fixture.rig.advance(5s + 10ms);
  CHECK(late->code() == errc::timed_out);
  CHECK(rule->gone == 0);
  CHECK(rule->refused == 1);
  CHECK(g.gate.status().waiting == 0);
}

TEST_CASE("a gate takes eight protections, and no more", "[gate][protection]") {
  deterministic_system rig;
  gate_settings settings{"g"};
  settings.protections.assign(9, std::make_shared<every_third>());
  CHECK_THROWS_WITH(gate(rig.system(), settings),
                    "gate.protections of g are 9; there must be at most 8");
}
