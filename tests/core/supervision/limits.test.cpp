#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

child_policy at_once() {
  child_policy result;
  result.restart.initial = result.restart.max = 0s;
  return result;
}

} // namespace

TEST_CASE("a child beyond its limit fails alone and is tried again",
          "[supervision]") {
  test::world w;
  auto child = at_once();
  child.restart.intensity = 2;
  w.add("a", child);
  w.add("b");
  w.start_all();
  for (int i = 0; i < 3; ++i) {
    w.end("a");
    w.advance(1ms);
  }
  w.take();
  CHECK(w.state("a") == child_state::failed);
  CHECK(w.state("b") == child_state::up);
  w.advance(59s);
  CHECK(w.take() == "");
  w.advance(1s);
  CHECK(w.take() == "start a, up a");
}

TEST_CASE("a cool-down ends with a start of the whole group", "[supervision]") {
  supervisor_policy policy;
  policy.strategy = restart_strategy::one_for_all;
  test::world w{policy};
  auto child = at_once();
  child.restart.intensity = 0;
  w.add("a", child);
  w.add("b");
  w.start_all();
  w.take();
  w.end("a");
  CHECK(w.take() == "failed a, gave_up a");
  CHECK(w.state("b") == child_state::up);
  w.advance(1min);
  CHECK(w.take() == "group a, stop b, paused b, start a, up a, start b, up b");
}

TEST_CASE("a child's limit may be its supervisor's", "[supervision]") {
  test::world w;
  auto child = at_once();
  child.restart.intensity = 0;
  child.on_limit = limit_action::escalate;
  w.add("a", child);
  w.add("b");
  w.start_all();
  w.take();
  w.end("a");
  CHECK(w.take()
        == "failed a, failing escalated, stop b, stopped b, stopped a, "
           "finish escalated");
}

TEST_CASE("beyond the limit of the whole the supervisor fails",
          "[supervision]") {
  supervisor_policy policy;
  policy.limits = {3, 10s};
  test::world w{policy};
  w.add("a", at_once());
  w.add("b", at_once());
  w.start_all();
  for (auto name : {"a", "b", "a"}) {
    w.end(name);
    w.advance(0s);
  }
  w.take();
  w.end("b");
  CHECK(w.take()
        == "failed b, failing limit, stopped b, stop a, stopped a, "
           "finish limit");
}

TEST_CASE("restarts that are long past do not count", "[supervision]") {
  supervisor_policy policy;
  policy.limits = {1, 10s};
  test::world w{policy};
  w.add("a", otp_strict(child_policy{}));
  w.start_all();
  for (int i = 0; i < 20; ++i) {
    w.end("a");
    w.advance(10s + 1ns);
  }
  CHECK_FALSE(w.over());
  CHECK(w.incarnation("a") == 21);
}

TEST_CASE("OTP's rule knows no delay and no limit per child", "[supervision]") {
  auto policy = otp_strict({}, 50, 1h);
  test::world w{policy};
  w.add("a", otp_strict(child_policy{}));
  w.start_all();
  for (int i = 0; i < 50; ++i) {
    w.end("a");
    w.advance(0s);
    REQUIRE(w.state("a") == child_state::up);
  }
  w.end("a");
  CHECK(w.over());
}

TEST_CASE("OTP's rule: who cannot start its children does not start",
          "[supervision]") {
  test::world w{otp_strict()};
  w.add("a", otp_strict(child_policy{}));
  w.add("b", otp_strict(child_policy{}));
  w.add("c", otp_strict(child_policy{}));
  w.fail_start("b", 1);
  w.start_all();
  CHECK(w.take()
        == "start a, up a, start b, failed b, failing start_failed, stop a, "
           "stopped a, finish start_failed");
}

TEST_CASE("what a failure is told to be", "[supervision]") {
  using directive = child_end::directive;
  test::world w;
  w.add("a");
  w.add("b");
  w.start_all();
  w.take();
  w.end("a", {exit_class::abnormal, directive::stop});
  CHECK(w.take() == "failed a, stopped a");
  w.advance(1h);
  CHECK(w.take() == "");
  w.end("b", {exit_class::abnormal, directive::escalate});
  CHECK(w.take() == "failed b, failing escalated, finish escalated");
}

TEST_CASE("significant children end their supervisor", "[supervision]") {
  supervisor_policy policy;
  child_policy child;
  child.restart.type = restart_type::transient;
  child.significant = true;
  SECTION("any of them") {
    policy.on_significant = auto_shutdown::any_significant;
    test::world w{policy};
    w.add("a", child);
    w.add("b", child);
    w.start_all();
    w.take();
    w.end("a");
    w.advance(1s);
    CHECK_FALSE(w.over());
    w.end("a", {exit_class::normal});
    CHECK(w.over());
    CHECK(w.take({"stop", "finish"}) == "stop b, finish significant");
  }
  SECTION("the last of them") {
    policy.on_significant = auto_shutdown::all_significant;
    test::world w{policy};
    w.add("a", child);
    w.add("b", child);
    w.add("c");
    w.start_all();
    w.take();
    w.end("a", {exit_class::normal});
    CHECK_FALSE(w.over());
    w.end("b", {exit_class::shutdown});
    CHECK(w.over());
    CHECK(w.take({"stop", "finish"}) == "stop c, finish significant");
  }
}

TEST_CASE("contradictions are refused by name", "[supervision]") {
  supervisor_policy parent;
  child_policy child;
  child.significant = true;
  child.restart.type = restart_type::transient;
  CHECK(validate(child, parent).value()
        == "child.significant is true; it must be false where "
           "supervisor.auto_shutdown is never");
  parent.on_significant = auto_shutdown::any_significant;
  CHECK_FALSE(validate(child, parent));
  child.restart.type = restart_type::permanent;
  CHECK(validate(child, parent).value()
        == "child.significant is true; it must be false where restart.type is "
           "permanent, which never ends");
  child.significant = false;
  child.ready_within = 0s;
  CHECK(validate(child, parent).value()
        == "child.ready_within is 0ms; it must be longer than 0ms");
  CHECK_FALSE(validate(otp_strict()));
  CHECK_FALSE(validate(otp_strict(child_policy{}), otp_strict()));
}
