#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// What a function, or another service, answers in place of an error.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// How a service is, and what it was asked.
struct moody_service {
  bool well = false;
  std::vector<int> asked;
};

caf::behavior moody(caf::event_based_actor*, std::shared_ptr<moody_service> of,
                    int plus) {
  return {
    [=](int x) -> caf::result<int> {
      of->asked.push_back(x);
      if (!of->well)
        return caf::make_error(caf::sec::runtime_error, "not well");
      return x + plus;
    },
    [=](boom_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

struct substituted {
  /// Starts the service and the one that stands in for it, which is asked if
  /// `asks`.
  void start(service_plan plan, bool asks = false) {
    auto& second =
      fixture.serve("second", make_replica_factory(moody, other, 1000), {});
    if (asks)
      plan.substitutes.ask = second.handle();
    at = &fixture.serve("first", make_replica_factory(moody, its, 100), plan);
  }

  auto ask(int x, const call_options& how = {}) {
    return fixture.ask(at->handle(), how, x);
  }

  struct reported {
    std::optional<call_report> how;
    int value = 0;
    caf::error error;
  };

  reported ask_how(int x, call_options options = {}) {
    options.report = true;
    auto result = std::make_shared<reported>();
    alice.does([=, to = at->handle()](caf::event_based_actor* self) {
      self->request(to, caf::infinite, options, x)
        .then(
          [=](const call_report& how, int value) {
            result->how = how;
            result->value = value;
          },
          [=](const caf::error& why) { result->error = why; });
    });
    fixture.rig.advance(3s);
    return *result;
  }

  gate_fixture fixture;
  client alice{fixture.rig};
  std::shared_ptr<moody_service> its = std::make_shared<moody_service>();
  std::shared_ptr<moody_service> other = std::make_shared<moody_service>();
  const service* at = nullptr;
};

service_plan made_by(caf::message_handler make) {
  service_plan plan;
  plan.substitutes.make = std::move(make);
  return plan;
}

} // namespace

TEST_CASE("a function stands in for an error", "[gate][fallback]") {
  substituted s;
  s.start(made_by({[](int x) { return -x; }}));
  CHECK(s.ask(7)->value == -7);
  s.its->well = true;
  CHECK(s.ask(7)->value == 107);
  CHECK(open_requests(s.at->gate) == 0);
}

TEST_CASE("a function that throws, fails or knows no such message stands in "
          "for nothing",
          "[gate][fallback]") {
  substituted s;
  auto plan = made_by({[](int x) -> caf::result<int> {
    if (x == 1)
      throw std::runtime_error{"no idea"};
    if (x == 2)
      return caf::make_error(caf::sec::invalid_argument);
    return -x;
  }});
  SECTION("the error is the answer") {
    s.start(plan);
    CHECK(s.ask(1)->error == caf::sec::runtime_error);
    CHECK(s.ask(2)->error == caf::sec::runtime_error);
    auto crash = s.fixture.ask(s.at->handle(), boom_atom::value);
    CHECK(crash->code() == errc::service_crashed);
  }
  SECTION("a value is") {
    plan.substitutes.value = caf::make_message(42);
    s.start(plan);
    CHECK(s.ask(1)->value == 42);
    CHECK(s.ask(2)->value == 42);
    CHECK(s.fixture.ask(s.at->handle(), boom_atom::value)->value == 42);
  }
  s.fixture.rig.advance(1s);
  CHECK(s.ask(3)->value == -3);
  CHECK(open_requests(s.at->gate) == 0);
}

TEST_CASE("a function is asked after the last good answer",
          "[gate][fallback]") {
  substituted s;
  auto plan = made_by({[](int x) { return -x; }});
  plan.fallback.last_good = true;
  s.start(plan);
  s.its->well = true;
  CHECK(s.ask(7)->value == 107);
  s.its->well = false;
  CHECK(s.ask(7)->value == 107);
  CHECK(s.ask(8)->value == -8);
}

TEST_CASE("another service stands in for an error", "[gate][fallback]") {
  substituted s;
  s.other->well = true;
  service_plan plan;
  plan.substitutes.value = caf::make_message(42);
  s.start(plan, true);
  CHECK(s.ask(7)->value == 1007);
  s.other->well = false;
  CHECK(s.ask(7)->value == 42);
  CHECK(s.other->asked.size() == 2);
  s.its->well = true;
  CHECK(s.ask(7)->value == 107);
  CHECK(s.other->asked.size() == 2);
  CHECK(open_requests(s.at->gate) == 0);
}

TEST_CASE("where another service fails, too, its first error is the answer",
          "[gate][fallback]") {
  substituted s;
  s.start({}, true);
  CHECK_THAT(describe(s.fixture.ask(s.at->handle(), boom_atom::value)->error),
             Catch::Contains("boom"));
  s.fixture.rig.advance(1s);
  auto answer = s.ask(7);
  CHECK(answer->error == caf::sec::runtime_error);
}

TEST_CASE("a deadline is no end for a function, and one for other services",
          "[gate][fallback][deadline]") {
  gate_fixture fixture;
  auto& second = fixture.work("second", {});
  auto function = GENERATE(true, false);
  service_plan plan;
  if (function)
    plan.substitutes.make = {[](keep_atom, int x) { return -x; }};
  plan.substitutes.ask = second.handle();
  plan.substitutes.value = caf::make_message(42);
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), keep_atom::value, 7);
  fixture.rig.advance(6s);
  CHECK(answer->value == (function ? -7 : 42));
  CHECK(fixture.room("second").kept.empty());
  fixture.deliver("w", 0, 5);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("another service has what is left of the call's time",
          "[gate][fallback][deadline]") {
  gate_fixture fixture;
  auto& second = fixture.work("second", {});
  service_plan plan;
  plan.retry = retry_options{.attempts = 1, .attempt_timeout = 300ms};
  plan.substitutes.ask = second.handle();
  auto& w = fixture.work("w", plan);
  call_options how{.idempotent = true, .within = 1s};
  auto answer = fixture.ask(w.handle(), how, keep_atom::value, 7);
  fixture.rig.advance(302ms);
  REQUIRE(fixture.room("second").kept.size() == 1);
  SECTION("it answers") {
    fixture.deliver("second", 0, 8);
    CHECK(answer->value == 8);
  }
  SECTION("it does not") {
    fixture.rig.advance(697ms);
    CHECK(answer->open());
    fixture.rig.advance(4ms);
    CHECK(answer->code() == errc::timed_out);
    CHECK_THAT(describe(answer->error), Catch::Contains("limit of an attempt"));
    fixture.deliver("second", 0, 8);
  }
  fixture.deliver("w", 0, 5);
  CHECK(open_requests(w.gate) == 0);
  CHECK(open_requests(second.gate) == 0);
}

TEST_CASE("a report tells that something stands in", "[gate][fallback]") {
  substituted s;
  auto asks = GENERATE(true, false);
  auto plan = asks ? service_plan{} : made_by({[](int x) { return -x; }});
  plan.retry = retry_options{.attempts = 2, .initial = 10ms, .jitter = 0};
  s.other->well = true;
  s.start(plan, asks);
  auto got = s.ask_how(7, {.idempotent = true});
  CHECK(got.value == (asks ? 1007 : -7));
  CHECK(got.how == call_report{.attempts = 2, .fallback = true});
}

TEST_CASE("what is refused at once is stood in for", "[gate][fallback]") {
  substituted s;
  auto asks = GENERATE(true, false);
  auto plan = asks ? service_plan{} : made_by({[](int x) { return -x; }});
  s.other->well = true;
  auto breaker = s.fixture.breaker("first", {});
  plan.protections = {breaker};
  s.start(plan, asks);
  breaker->set(breaker_state::forced_open);
  CHECK(s.ask(7)->value == (asks ? 1007 : -7));
  CHECK(s.its->asked.empty());
  auto got = s.ask_how(7);
  CHECK(got.how == call_report{.attempts = 0, .fallback = true});
}

TEST_CASE("another service handles what was urgent, or for somebody, so",
          "[gate][fallback]") {
  substituted s;
  s.other->well = true;
  s.start({}, true);
  call_options how{.priority = call_priority::critical, .tenant = "ada"};
  CHECK(s.ask(7, how)->value == 1007);
}

TEST_CASE("a mistake of the client's is not covered up by anybody",
          "[gate][fallback]") {
  substituted s;
  auto plan = made_by({[](double) { return 1; }});
  s.start(plan, true);
  CHECK(s.fixture.ask(s.at->handle(), 1.5)->error
        == caf::sec::unexpected_message);
}

TEST_CASE("a plain send has no answer for which anything could stand in",
          "[gate][fallback]") {
  substituted s;
  int made = 0;
  s.start(made_by({[&](int x) { return made = x; }}));
  s.alice.sends(s.at->handle(), 1);
  CHECK(s.fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(s.alice.book().inbox.empty());
  CHECK(made == 0);
}

TEST_CASE("a service that stands in and does not come ends at the deadline",
          "[gate][fallback]") {
  gate_fixture fixture;
  auto its = std::make_shared<moody_service>();
  const auto& second = fixture.gate("second", {}, 1);
  service_plan plan;
  plan.substitutes.ask = second.handle();
  auto& first =
    fixture.serve("first", make_replica_factory(moody, its, 1), plan);
  auto answer = fixture.ask(first.handle(), 7);
  fixture.rig.advance(6s);
  CHECK(answer->error == caf::sec::runtime_error);
  CHECK(open_requests(second) == 0);
}

TEST_CASE("a gate that stops answers who waits for what stands in",
          "[gate][fallback]") {
  gate_fixture fixture;
  int made = 0;
  service_plan plan;
  plan.substitutes.make = {[&](keep_atom, int x) { return made = x; }};
  auto value = GENERATE(true, false);
  if (value)
    plan.substitutes.value = caf::make_message(42);
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), keep_atom::value, 7);
  w.gate.stop();
  fixture.rig.run();
  CHECK(made == 0);
  if (value)
    CHECK(answer->value == 42);
  else
    CHECK(answer->code() == errc::stopped);
}
