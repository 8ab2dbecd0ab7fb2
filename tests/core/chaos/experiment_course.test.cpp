// Experiments on virtual time: the test says how the system does.

#include "support/dice.hpp"

#include <bulwark/chaos/experiment_course.hpp>
#include <bulwark/chaos/fault_leases.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using act = experiment_act;
using verdict = experiment_verdict;

namespace {

experiment crash_orders() {
  experiment result;
  REQUIRE_FALSE(read_experiment("name = crash\n"
                                "steady = availability >= 99\n"
                                "fault = crash orders rate=0.01\n"
                                "abort = availability < 10\n"
                                "duration = 20s\nrecovery = 8s\n"
                                "protection = restart\n",
                                result));
  return result;
}

/// Who runs it: looks every second, and does what it is told.
struct course_runner {
  explicit course_runner(experiment what) : course(std::move(what)) {}

  act look(double availability) {
    now += 1s;
    auto result = course.look({{"availability", availability}}, now);
    if (result == act::inject)
      out = !leases.grant("crash/0", course.report().what.faults[0], now);
    if (result == act::renew)
      out = leases.renew("crash/0", now);
    if (result == act::lift) {
      leases.end("crash/0");
      out = false;
    }
    return result;
  }

  act look_for(int seconds, double availability) {
    auto result = act::none;
    for (int i = 0; i < seconds; ++i)
      result = look(availability);
    return result;
  }

  void tell(event_kind kind) {
    event what;
    what.kind = kind;
    course.see(what, now);
  }

  const experiment_report& report() const { return course.report(); }

  experiment_course course;
  fault_leases leases;
  time_point now{1h};
  bool out = false;
};

} // namespace

TEST_CASE("an experiment that the service stands has held", "[chaos]") {
  course_runner it{crash_orders()};
  CHECK(it.look(100) == act::inject);
  CHECK(it.out);
  CHECK(it.look(100) == act::renew);
  it.tell(event_kind::child_restarted);
  it.tell(event_kind::child_restarted);
  CHECK(it.look_for(18, 99.5) == act::renew);
  CHECK(it.out);
  CHECK(it.look(100) == act::lift);
  CHECK_FALSE(it.course.is_over());
  CHECK(it.look(100) == act::none);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::held);
  CHECK(it.report().why.empty());
  CHECK(it.report().lasted == 20s);
  CHECK(it.report().noticed_after == 1s);
  CHECK(it.report().recovered_after == 1s);
  CHECK(it.report().protections.at("restart") == 2);
  CHECK(it.report().before.at("availability") == 100);
  CHECK(it.report().during.at("availability") == 99.5);
  CHECK(it.report().as_expected());
}

TEST_CASE("what is not well before is not made worse", "[chaos]") {
  course_runner it{crash_orders()};
  CHECK(it.look(98) == act::none);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::refused);
  CHECK(it.report().why
        == "it was not well before: availability is 98, not >= 99");
  CHECK_FALSE(it.report().as_expected());

  course_runner unmeasured{crash_orders()};
  CHECK(unmeasured.course.look({}, unmeasured.now) == act::none);
  CHECK(unmeasured.report().why
        == "it was not well before: nobody measures availability");
}

TEST_CASE("broken for five seconds it is ended, broken for four it is not",
          "[chaos]") {
  course_runner it{crash_orders()};
  it.look(100);
  CHECK(it.look_for(5, 90) == act::renew);
  CHECK(it.look(100) == act::renew);
  CHECK(it.look_for(5, 90) == act::renew);
  CHECK(it.look(80) == act::lift);
  CHECK(it.look(100) == act::none);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::broken);
  CHECK(it.report().why == "availability is 80, not >= 99, for 5s");
  CHECK(it.report().during.at("availability") == 80);
  CHECK(it.report().recovered_after == 1s);
}

TEST_CASE("what is not well again in time has not recovered", "[chaos]") {
  course_runner it{crash_orders()};
  it.look(100);
  it.look_for(20, 100);
  CHECK(it.look_for(7, 50) == act::none);
  CHECK_FALSE(it.course.is_over());
  it.look(50);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::not_recovered);
  CHECK(it.report().why
        == "availability is 50, not >= 99, 8s after the last fault");
  CHECK_FALSE(it.report().recovered_after);
}

TEST_CASE("an abort ends the faults at once", "[chaos]") {
  course_runner it{crash_orders()};
  it.look(100);
  SECTION("by the abort condition") {
    CHECK(it.look(5) == act::lift);
    CHECK(it.report().why == "abort condition availability < 10 holds");
  }
  SECTION("by somebody") {
    CHECK(it.course.abort("the pager went", it.now) == act::lift);
    CHECK(it.report().why == "the pager went");
    CHECK(it.course.abort("again", it.now) == act::none);
  }
  it.look_for(20, 100);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::aborted);
}

TEST_CASE("a fault that cannot be lent refuses the experiment", "[chaos]") {
  course_runner it{crash_orders()};
  it.look(100);
  CHECK(it.course.refuse("no replica of orders works", it.now) == act::lift);
  REQUIRE(it.course.is_over());
  CHECK(it.report().verdict == verdict::refused);
  CHECK(it.course.refuse("again", it.now) == act::none);
  CHECK(it.report().why == "no replica of orders works");
}

TEST_CASE("events before the first fault and after the end are not its own",
          "[chaos]") {
  course_runner it{crash_orders()};
  it.tell(event_kind::child_restarted);
  it.look(100);
  it.tell(event_kind::child_started);
  it.look_for(20, 100);
  it.look(100);
  REQUIRE(it.course.is_over());
  it.tell(event_kind::child_restarted);
  CHECK(it.report().protections.empty());
  CHECK(it.report().missing() == std::vector<std::string>{"restart"});
  CHECK_FALSE(it.report().as_expected());
}

TEST_CASE("however the system does, faults are lent once, renewed in time, and "
          "lifted before the end",
          "[chaos]") {
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    course_runner it{crash_orders()};
    int injected = 0;
    int lifted = 0;
    auto bad = chance.below(12);
    int looks = 0;
    for (; !it.course.is_over(); ++looks) {
      REQUIRE(looks < 100);
      auto what = it.look(chance.roll(bad, 24) ? 50 : 100);
      injected += what == act::inject ? 1 : 0;
      lifted += what == act::lift ? 1 : 0;
      auto during = it.course.now_in() == experiment_course::phase::during;
      REQUIRE(it.out == during);
      REQUIRE(it.leases.active(it.now).size() == (during ? 1 : 0));
      if (chance.roll(1, 60)
          && it.course.abort("enough", it.now) == act::lift) {
        it.leases.end_all();
        it.out = false;
        ++lifted;
      }
    }
    REQUIRE(injected <= 1);
    REQUIRE(lifted == injected);
    REQUIRE(it.report().lasted <= 20s);
    REQUIRE((it.report().verdict == verdict::held) == it.report().why.empty());
  }
}
