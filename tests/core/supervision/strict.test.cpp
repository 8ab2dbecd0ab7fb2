#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

// Each of Erlang/OTP's ways that only `strict` has, beside ours.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

supervisor_policy policy_of(bool strict, restart_strategy strategy,
                            uint32_t intensity = 5) {
  supervisor_policy result;
  result.strategy = strategy;
  if (strict)
    return otp_strict(result, intensity, 1h);
  result.limits = {intensity, 1h};
  return result;
}

constexpr auto one = restart_strategy::one_for_one;
constexpr auto all = restart_strategy::one_for_all;

} // namespace

TEST_CASE("strict: a supervisor whose children do not start does not start",
          "[supervision][strict]") {
  bool strict = GENERATE(true, false);
  test::world w{policy_of(strict, one)};
  for (auto name : {"a", "b", "c"})
    w.add(name, otp_strict(child_policy{}));
  w.fail_start("b", 1);
  w.start_all();
  w.advance(1s);
  CHECK(w.over() == strict);
  if (strict)
    CHECK(w.take()
          == "start a, up a, start b, failed b, failing start_failed, stop a, "
             "stopped a, finish start_failed");
  else
    CHECK(w.state("b") == child_state::up);
}

TEST_CASE("strict: who ends while others are started is dealt with afterwards",
          "[supervision][strict]") {
  bool strict = GENERATE(true, false);
  test::world w{policy_of(strict, one)};
  w.slow("b");
  w.add("a", otp_strict(child_policy{}));
  w.add("b", otp_strict(child_policy{}));
  w.start_all();
  w.take();
  w.end("a");
  w.advance(1s);
  CHECK(w.take() == (strict ? "" : "failed a, start a, up a"));
  w.up("b");
  CHECK(w.take() == (strict ? "up b, failed a, start a, up a" : "up b"));
}

TEST_CASE("strict: a start that fails counts when it is tried again",
          "[supervision][strict]") {
  bool strict = GENERATE(true, false);
  test::world w{policy_of(strict, one, 1)};
  w.add("a", otp_strict(child_policy{}));
  w.start_all();
  w.take();
  w.fail_start("a", 1);
  w.end("a");
  // The first restart has failed: one was counted, the retry is the second.
  CHECK(w.take({"failing"}) == (strict ? "" : "failing limit"));
  w.advance(1s);
  if (strict)
    CHECK(w.take({"failing"}) == "failing limit");
  CHECK(w.over());
}

TEST_CASE("strict: a group takes over the retry of a failed start",
          "[supervision][strict]") {
  test::world w{policy_of(true, all)};
  w.add("a", otp_strict(child_policy{}));
  w.add("b", otp_strict(child_policy{}));
  w.start_all();
  w.take();
  w.fail_start("b", 1);
  w.end("a");
  w.advance(1s);
  CHECK(w.state("a") == child_state::up);
  CHECK(w.state("b") == child_state::up);
  CHECK_FALSE(w.over());
}

TEST_CASE("strict: who was stopped with its group is not significant any more",
          "[supervision][strict]") {
  auto strict = GENERATE(true, false);
  auto policy = policy_of(strict, all);
  policy.on_significant = auto_shutdown::all_significant;
  test::world w{policy};
  auto significant = otp_strict(child_policy{});
  significant.significant = true;
  significant.restart.type = restart_type::transient;
  w.add("a", significant);
  w.add("b", otp_strict(child_policy{}));
  w.add("c", significant);
  w.start_all();
  w.take();
  w.fail_start("b", 1);
  w.end("c");
  w.end("a", {exit_class::normal});
  w.advance(1s);
  CHECK(w.take({"finish"}) == (strict ? "finish significant" : ""));
}

TEST_CASE("strict: who had ended when its group was stopped has failed",
          "[supervision][strict]") {
  test::world w{policy_of(true, all)};
  for (auto name : {"a", "b", "c"})
    w.add(name, otp_strict(child_policy{}));
  w.start_all();
  w.take();
  w.slow("c");
  w.end("c");
  // Their ends wait until `c` is up; then the first one stops the second.
  w.end("a");
  w.end("b");
  CHECK(w.take({"failed"}) == "failed c");
  w.up("c");
  CHECK(w.take()
        == "up c, failed a, group a, stop c, paused c, failed b, paused b, "
           "start a, up a, start b, up b, start c");
}

TEST_CASE("strict: no delays, and no limit of a child's own",
          "[supervision][strict]") {
  auto child = otp_strict(child_policy{});
  CHECK(child.restart.initial == duration::zero());
  CHECK(child.hung_after == duration::zero());
  test::world w{policy_of(true, one, 1000)};
  w.add("a", child);
  w.start_all();
  for (int i = 0; i < 1000; ++i)
    w.end("a");
  CHECK(w.take({"gave_up", "failing"}) == "");
  CHECK(w.state("a") == child_state::up);
  w.end("a");
  CHECK(w.take({"failing"}) == "failing limit");
}
