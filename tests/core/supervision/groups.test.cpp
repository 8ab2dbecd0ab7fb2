#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

supervisor_policy by(restart_strategy strategy) {
  supervisor_policy result;
  result.strategy = strategy;
  return result;
}

test::world three(const supervisor_policy& policy, child_policy child = {}) {
  test::world result{policy};
  for (auto name : {"a", "b", "c"})
    result.add(name, child);
  result.start_all();
  result.take();
  return result;
}

constexpr auto one = restart_strategy::one_for_one;
constexpr auto all = restart_strategy::one_for_all;
constexpr auto rest = restart_strategy::rest_for_one;

} // namespace

TEST_CASE("a child starts when the one before it is up", "[supervision]") {
  test::world w;
  w.slow("a");
  w.add("a");
  w.add("b");
  w.start_all();
  CHECK(w.take() == "start a");
  w.up("a");
  CHECK(w.take() == "up a, start b, up b");
}

TEST_CASE("one child that does not start keeps nobody else from it",
          "[supervision]") {
  test::world w;
  w.fail_start("a", 1);
  w.add("a");
  w.add("b");
  w.start_all();
  CHECK(w.take() == "start a, failed a, start b, up b");
  w.advance(100ms);
  CHECK(w.take() == "start a, up a");
}

TEST_CASE("a child that is not up in time is killed and has failed",
          "[supervision]") {
  child_policy child;
  child.ready_within = 2s;
  test::world w;
  w.slow("a");
  w.add("a", child);
  w.start_all();
  w.advance(2s);
  CHECK(w.take() == "start a, kill a, failed a");
  CHECK(w.state("a") == child_state::waiting);
  w.up("a");
  CHECK(w.take() == "");
  w.advance(100ms);
  CHECK(w.take() == "start a");
}

TEST_CASE("the next one starts when one that was too late has ended",
          "[supervision]") {
  child_policy child;
  child.ready_within = 2s;
  test::world w{by(all)};
  w.slow("a");
  w.immortal("a");
  w.add("a", child);
  w.add("b", child);
  w.start_all();
  w.advance(2s);
  CHECK(w.take() == "start a, kill a");
  w.advance(1s);
  // Not b, which would be stopped with its group at once.
  CHECK(w.take() == "abandoned a, failed a, group a");
}

TEST_CASE("a group goes down in reverse order, waits, and comes up in order",
          "[supervision]") {
  auto w = three(by(all));
  w.end("b");
  CHECK(w.take() == "failed b, group b, stop c, paused c, stop a, paused a");
  CHECK(w.state("a") == child_state::waiting);
  w.advance(99ms);
  CHECK(w.take() == "");
  w.advance(1ms);
  CHECK(w.take() == "start a, up a, start b, up b, start c, up c");
}

TEST_CASE("a member that takes its time is waited for", "[supervision]") {
  auto w = three(by(rest));
  w.stubborn("c");
  w.end("b");
  CHECK(w.take() == "failed b, group b, stop c");
  w.advance(5s);
  CHECK(w.take() == "kill c, paused c");
  w.advance(100ms);
  CHECK(w.take() == "start b, up b, start c, up c");
}

TEST_CASE("a member that cannot be killed is left behind and replaced",
          "[supervision]") {
  auto w = three(by(rest));
  w.stubborn("c");
  w.immortal("c");
  w.end("b");
  w.advance(6s);
  CHECK(w.take() == "failed b, group b, stop c, kill c, abandoned c, paused c");
  w.advance(100ms);
  CHECK(w.take() == "start b, up b, start c, up c");
  CHECK(w.incarnation("c") == 2);
}

TEST_CASE("a member that dies while the others are stopped counts for nothing",
          "[supervision]") {
  auto policy = by(all);
  policy.limits = {1, 1min};
  auto w = three(policy);
  w.stubborn("c");
  w.end("b");
  w.end("a");
  CHECK(w.take() == "failed b, group b, stop c, failed a, paused a");
  w.end("c", {exit_class::shutdown});
  w.advance(1s);
  CHECK(w.take() == "paused c, start a, up a, start b, up b, start c, up c");
}

TEST_CASE("a death while the group comes up starts that anew",
          "[supervision]") {
  auto w = three(by(rest));
  w.slow("c");
  w.end("c");
  w.advance(100ms);
  CHECK(w.take() == "failed c, group c, start c");
  w.end("a");
  CHECK(w.take() == "failed a, group a, stop c, paused c, stop b, paused b");
  w.advance(100ms);
  CHECK(w.take() == "start a, up a, start b, up b, start c");
}

TEST_CASE("a start that fails in a group stops those that are up already",
          "[supervision]") {
  auto w = three(by(all));
  w.fail_start("b", 1);
  w.end("c");
  w.advance(100ms);
  CHECK(w.take({"stop", "start", "up", "failed"})
        == "failed c, stop b, stop a, start a, up a, start b, failed b, "
           "stop a");
  // The failed start was b's first failure.
  w.advance(100ms);
  CHECK(w.take({"start"}) == "start a, start b, start c");
}

TEST_CASE("a group start takes along who had ended orderly", "[supervision]") {
  child_policy child;
  child.restart.type = restart_type::transient;
  auto w = three(by(all), child);
  w.end("a", {exit_class::normal});
  CHECK(w.take() == "stopped a");
  w.end("b");
  w.advance(100ms);
  CHECK(w.take({"start"}) == "start a, start b, start c");
}

TEST_CASE("temporary members are stopped with their group and forgotten",
          "[supervision]") {
  child_policy child;
  test::world w{by(all)};
  w.add("a");
  child.restart.type = restart_type::temporary;
  w.add("b", child);
  w.start_all();
  w.take();
  w.end("a");
  w.advance(100ms);
  CHECK(w.take() == "failed a, group a, stop b, removed b, start a, up a");
}

TEST_CASE("what is stopped meanwhile does not come back with its group",
          "[supervision]") {
  auto w = three(by(all));
  w.end("b");
  w.perform(w.book().terminate(w.key("c"), w.now()));
  w.advance(100ms);
  CHECK(w.take({"start"}) == "start a, start b");
  CHECK(w.state("c") == child_state::stopped);
  // The next one takes it along, as OTP does.
  w.end("b");
  w.advance(1s);
  CHECK(w.take({"start"}) == "start a, start b, start c");
}

TEST_CASE("children stop in reverse order, one after the other",
          "[supervision]") {
  auto w = three(by(one));
  w.stubborn("b");
  w.perform(w.book().stop());
  CHECK(w.take() == "stop c, stopped c, stop b");
  w.advance(5s);
  CHECK(w.take() == "kill b, stopped b, stop a, stopped a, finish stopped");
  CHECK(w.over());
}

TEST_CASE("children of one template stop together", "[supervision]") {
  auto w = three(by(restart_strategy::simple_one_for_one));
  w.stubborn("b");
  w.perform(w.book().stop());
  CHECK(w.take() == "stop c, stop b, stop a, stopped c, stopped a");
  w.end("b", {exit_class::shutdown});
  CHECK(w.take() == "stopped b, finish stopped");
}

TEST_CASE("brutal_kill asks nobody", "[supervision]") {
  child_policy child;
  child.restart.shutdown = 0s;
  auto w = three(by(one), child);
  w.perform(w.book().stop());
  CHECK(w.take({"stop", "kill"}) == "kill c, kill b, kill a");
}

TEST_CASE("who crashes when it is told to stop has ended otherwise",
          "[supervision]") {
  auto w = three(by(restart_strategy::one_for_all));
  w.stubborn("c");
  w.end("a");
  CHECK(w.take() == "failed a, group a, stop c");
  auto how = GENERATE(exit_class::abnormal, exit_class::killed,
                      exit_class::normal, exit_class::shutdown);
  w.end("c", {how});
  auto orderly = how == exit_class::normal || how == exit_class::shutdown;
  CHECK(
    w.take({"paused", "otherwise"})
    == (orderly ? "paused c, paused b" : "paused c, otherwise c, paused b"));
}
