#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>

// Services that ask to be left alone.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

const call_options tried_again{.idempotent = true};

struct rest {
  duration wanted = duration::zero();
  int asked = 0;
};

caf::behavior tired(caf::event_based_actor*, std::shared_ptr<rest> its) {
  return {[=](int x) -> caf::result<int> {
    ++its->asked;
    if (its->wanted > duration::zero())
      return busy(its->wanted);
    return x;
  }};
}

} // namespace

TEST_CASE("a breaker opens for as long as its service asks, within a maximum",
          "[gate][breaker][busy]") {
  gate_fixture fixture;
  auto its = std::make_shared<rest>();
  service_plan plan;
  auto breaker =
    fixture.breaker("m", {.jitter = 0, .busy_max = std::chrono::seconds{20}});
  plan.protections = {breaker};
  auto& m = fixture.serve("m", make_replica_factory(tired, its), plan);
  its->wanted = GENERATE(8s, 30s);
  auto told = fixture.ask(m.handle(), 7);
  CHECK(told->error == caf::sec::runtime_error);
  CHECK(retry_after_of(told->error) == its->wanted);
  CHECK(breaker->state() == breaker_state::open);
  // It counts in whole microseconds, rounded up.
  auto open_for = std::min<duration>(its->wanted, 20s) + 1us;
  auto refused = fixture.ask(m.handle(), 7);
  CHECK(refused->code() == errc::circuit_open);
  CHECK(retry_after_of(refused->error) == open_for);
  CHECK(its->asked == 1);
  its->wanted = duration::zero();
  fixture.rig.advance(open_for - 1s);
  CHECK(fixture.ask(m.handle(), 7)->code() == errc::circuit_open);
  fixture.rig.advance(1s);
  CHECK(fixture.ask(m.handle(), 7)->value == 7);
}

TEST_CASE("a service that asks to be left alone is not tried again before",
          "[gate][retry][busy]") {
  gate_fixture fixture;
  auto its = std::make_shared<rest>();
  service_plan plan;
  plan.gate.timeout = 10s;
  plan.retry = retry_options{.initial = 100ms, .jitter = 0};
  auto& m = fixture.serve("m", make_replica_factory(tired, its), plan);
  SECTION("if that is within the call's time") {
    its->wanted = 5s;
    auto answer = fixture.ask(m.handle(), tried_again, 7);
    its->wanted = duration::zero();
    fixture.rig.advance(4900ms);
    CHECK(its->asked == 1);
    fixture.rig.advance(100ms);
    CHECK(answer->value == 7);
    CHECK(its->asked == 2);
  }
  SECTION("and not at all if it is not") {
    its->wanted = 11s;
    auto answer = fixture.ask(m.handle(), tried_again, 7);
    CHECK(answer->error == caf::sec::runtime_error);
    CHECK(its->asked == 1);
  }
}
