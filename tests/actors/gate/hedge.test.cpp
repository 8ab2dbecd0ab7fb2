#include "actors/gate/hedge_fixture.hpp"

#include <bulwark/calls/call_error.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

// Calls that take long, and are sent to another replica as well.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

TEST_CASE("a call that takes long goes to another replica as well",
          "[gate][hedge]") {
  behind_hedges m;
  auto answer = m.ask();
  m.fixture.rig.advance(patience - 1ms);
  CHECK(m.asked() == 1);
  m.fixture.rig.advance(2ms);
  REQUIRE(m.asked() == 2);
  CHECK(m.keepers()[0] != m.keepers()[1]);
  CHECK(m.at->gate.status().in_flight == 2);
  auto winner = GENERATE(size_t{0}, size_t{1});
  m.answer(winner, 8);
  CHECK(answer->value == 8);
  CHECK(m.at->gate.status().in_flight == 1);
  SECTION("the loser comes late") {
    m.answer(1 - winner, 9);
    CHECK(answer->value == 8);
    m.check_clean();
  }
  SECTION("the loser fails late") {
    m.fail(1 - winner);
    m.check_clean();
  }
  SECTION("the loser's replica dies") {
    m.kill(1 - winner);
    m.fixture.rig.advance(1s);
    m.check_clean();
  }
  SECTION("the loser never comes") {
    m.fixture.rig.advance(service_plan{}.gate.timeout
                          + 4 * service_plan{}.gate.grace + 1s);
    m.check_clean();
  }
  CHECK(m.asked() == 2);
}

TEST_CASE("what is fast enough is not sent twice", "[gate][hedge]") {
  behind_hedges m;
  auto answer = m.ask();
  m.answer(0, 8);
  m.fixture.rig.advance(1s);
  CHECK(answer->value == 8);
  CHECK(m.asked() == 1);
  m.check_clean();
}

TEST_CASE("an error waits while a copy is out", "[gate][hedge]") {
  behind_hedges m;
  auto answer = m.ask();
  m.fixture.rig.advance(hedged_after);
  REQUIRE(m.asked() == 2);
  auto first = GENERATE(size_t{0}, size_t{1});
  m.fail(first);
  CHECK(answer->open());
  CHECK(m.at->gate.status().in_flight == 1);
  SECTION("the other one brings a value") {
    m.answer(1 - first, 8);
    CHECK(answer->value == 8);
  }
  SECTION("the other one fails, too") {
    m.fail(1 - first);
    CHECK(answer->error == caf::sec::runtime_error);
    CHECK(attempts_of(answer->error) == 2u);
  }
  SECTION("the other one's replica dies") {
    m.kill(1 - first);
    m.fixture.rig.advance(1s);
    // A bystander is tried again; a copy is not.
    if (first == 1) {
      REQUIRE(m.asked() == 3);
      m.answer(2, 8);
      CHECK(answer->value == 8);
    } else {
      CHECK(answer->code() == errc::replica_lost);
    }
  }
  SECTION("the deadline comes first") {
    m.fixture.rig.advance(service_plan{}.gate.timeout);
    CHECK(answer->code() == errc::timed_out);
    m.answer(1 - first, 8);
  }
  m.check_clean();
}

TEST_CASE("when both have failed the call is tried again", "[gate][hedge]") {
  service_plan plan;
  plan.retry = retry_options{.initial = 100ms, .jitter = 0};
  behind_hedges m{plan, 3};
  auto answer = m.ask();
  m.fixture.rig.advance(hedged_after);
  REQUIRE(m.asked() == 2);
  m.fail(0);
  m.fixture.rig.advance(150ms);
  CHECK(m.asked() == 2);
  m.fail(1);
  CHECK(m.at->gate.status().in_flight == 0);
  m.fixture.rig.advance(101ms);
  REQUIRE(m.asked() == 3);
  CHECK(m.keepers()[2] != m.keepers()[0]);
  CHECK(m.keepers()[2] != m.keepers()[1]);
  // One copy for each call.
  m.fixture.rig.advance(200ms);
  CHECK(m.asked() == 3);
  m.answer(2, 8);
  CHECK(answer->value == 8);
  m.check_clean();
}

TEST_CASE("the report tells that a call was hedged", "[gate][hedge]") {
  behind_hedges m;
  client alice{m.fixture.rig};
  std::optional<call_report> told;
  alice.does([&](caf::event_based_actor* self) {
    self
      ->request(m.at->handle(), caf::infinite,
                call_options{.idempotent = true, .report = true},
                keep_atom::value, 7)
      .then([&](const call_report& how, int) { told = how; });
  });
  m.fixture.rig.advance(hedged_after);
  auto winner = GENERATE(size_t{0}, size_t{1});
  m.answer(winner, 8);
  REQUIRE(told);
  CHECK(*told == call_report{.attempts = 2, .hedged = true});
  m.answer(1 - winner, 8);
  m.check_clean();
}

TEST_CASE("what may not be under way twice is not hedged", "[gate][hedge]") {
  SECTION("what is not idempotent") {
    behind_hedges m;
    m.ask({});
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
  }
  SECTION("what has a key") {
    behind_hedges m;
    m.ask({.key = "k", .idempotent = true});
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
  }
  SECTION("plain sends") {
    behind_hedges m;
    client alice{m.fixture.rig};
    alice.sends(m.at->handle(), may_repeat, keep_atom::value, 7);
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
  }
  SECTION("what only one replica could have") {
    behind_hedges m{{}, 1};
    m.ask();
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
  }
  SECTION("what ends before its delay") {
    behind_hedges m;
    auto answer = m.ask({.idempotent = true, .within = 40ms});
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
    CHECK(answer->code() == errc::timed_out);
  }
  SECTION("while the gate drains") {
    behind_hedges m;
    auto answer = m.ask();
    m.at->gate.drain();
    m.fixture.rig.advance(1s);
    CHECK(m.asked() == 1);
    m.answer(0, 8);
    CHECK(answer->value == 8);
  }
}
