// Starts that a start function does not want.

#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

test::world three(restart_strategy strategy, restart_type type_of_b) {
  supervisor_policy policy;
  policy.strategy = strategy;
  test::world result{policy};
  child_policy b;
  b.restart.type = type_of_b;
  b.restart.initial = b.restart.max = 0s;
  result.add("a");
  result.add("b", b);
  result.add("c");
  return result;
}

} // namespace

TEST_CASE("an ignored start leaves the child down, and the next one starts",
          "[supervision]") {
  auto w = three(restart_strategy::one_for_one, restart_type::permanent);
  w.ignore_start("b", 1);
  w.start_all();
  CHECK(w.take() == "start a, up a, start b, ignored b, start c, up c");
  CHECK(w.complete());
  CHECK(w.state("b") == child_state::stopped);
  CHECK(w.book().active() == 2);
  w.advance(1h);
  CHECK(w.take() == "");
  w.perform(w.book().start(w.key("b")));
  CHECK(w.take() == "start b, up b");
}

TEST_CASE("a temporary child whose start is ignored is forgotten",
          "[supervision]") {
  auto w = three(restart_strategy::one_for_one, restart_type::temporary);
  w.ignore_start("b", 1);
  w.start_all();
  CHECK(w.take() == "start a, up a, start b, ignored b, start c, up c");
  CHECK(w.book().find(w.key("b")) == nullptr);
}

TEST_CASE("so is an instance", "[supervision]") {
  auto w = three(restart_strategy::simple_one_for_one, restart_type::permanent);
  w.start_all();
  w.take();
  w.ignore_start("b", 1);
  w.end("b");
  CHECK(w.take() == "failed b, start b, ignored b");
  CHECK(w.book().find(w.key("b")) == nullptr);
}

TEST_CASE("a restart that is ignored is no failure", "[supervision]") {
  auto w = three(restart_strategy::one_for_one, restart_type::permanent);
  w.start_all();
  w.take();
  w.ignore_start("b", 1);
  w.end("b");
  CHECK(w.take() == "failed b, start b, ignored b");
  w.advance(1h);
  CHECK(w.take() == "");
  CHECK(w.book().find(w.key("b"))->restarts.failures() == 1);
}

TEST_CASE("a group starts around the one that is ignored", "[supervision]") {
  auto w = three(restart_strategy::one_for_all, restart_type::permanent);
  w.start_all();
  w.take();
  w.ignore_start("b", 1);
  w.end("b");
  CHECK(w.take()
        == "failed b, group b, stop c, paused c, stop a, paused a, start a, "
           "up a, start b, ignored b, start c, up c");
  SECTION("and takes it along the next time") {
    w.end("a");
    w.advance(1s);
    CHECK(w.take({"start", "up", "ignored"})
          == "start a, up a, start b, up b, start c, up c");
  }
}

TEST_CASE("one that is ignored out of turn does not stop its group",
          "[supervision]") {
  auto w = three(restart_strategy::one_for_all, restart_type::permanent);
  w.slow("a");
  w.start_all();
  CHECK(w.take() == "start a");
  w.ignore_start("c", 1);
  w.perform(w.book().start(w.key("c")));
  CHECK(w.take() == "start c, ignored c");
  w.up("a");
  CHECK(w.take() == "up a, start b, up b");
  CHECK(w.complete());
}

TEST_CASE("what is out of date cannot be ignored", "[supervision]") {
  auto w = three(restart_strategy::one_for_one, restart_type::permanent);
  w.start_all();
  w.take();
  w.perform(w.book().on_ignored(w.key("b"), 1, w.now()));
  w.perform(w.book().on_ignored(w.key("b"), 2, w.now()));
  w.perform(w.book().on_ignored(99, 1, w.now()));
  CHECK(w.take() == "");
  CHECK(w.state("b") == child_state::up);
}

TEST_CASE("one that is told to stop before it was ignored has stopped",
          "[supervision]") {
  auto w = three(restart_strategy::one_for_one, restart_type::permanent);
  w.slow("b");
  w.start_all();
  w.stubborn("b");
  w.perform(w.book().terminate(w.key("b"), w.now()));
  w.perform(w.book().on_ignored(w.key("b"), 1, w.now()));
  CHECK(w.take({"stop", "stopped", "ignored"}) == "stop b, stopped b");
}
