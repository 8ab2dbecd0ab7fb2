// What an operator wants of a supervisor, at any moment.

#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

test::world two(child_policy child = {}) {
  test::world result;
  result.add("a", child);
  result.add("b");
  result.start_all();
  result.take();
  return result;
}

void terminate(test::world& w, const std::string& name) {
  w.perform(w.book().terminate(w.key(name), w.now()));
}

void start(test::world& w, const std::string& name) {
  w.perform(w.book().start(w.key(name)));
}

} // namespace

TEST_CASE("what is terminated stays down until it is started",
          "[supervision]") {
  auto w = two();
  terminate(w, "a");
  CHECK(w.take() == "stop a, stopped a");
  w.advance(1h);
  CHECK(w.take() == "");
  terminate(w, "a");
  CHECK(w.take() == "");
  start(w, "a");
  CHECK(w.take() == "start a, up a");
  start(w, "a");
  CHECK(w.take() == "");
  CHECK(w.incarnation("a") == 2);
  CHECK(w.book().find(w.key("a"))->restart_count == 1);
}

TEST_CASE("a restart that is pending is dropped", "[supervision]") {
  auto w = two();
  w.end("a");
  SECTION("by termination") {
    terminate(w, "a");
    CHECK(w.take() == "failed a, stopped a");
    w.advance(1h);
    CHECK(w.take() == "");
  }
  SECTION("by a start, which does not wait") {
    start(w, "a");
    CHECK(w.take() == "failed a, start a, up a");
    w.advance(1h);
    CHECK(w.take() == "");
  }
}

TEST_CASE("a failed child is revived with a fresh window", "[supervision]") {
  child_policy child;
  child.restart.initial = child.restart.max = 0s;
  child.restart.intensity = 1;
  auto w = two(child);
  for (int i = 0; i < 2; ++i) {
    w.end("a");
    w.advance(0s);
  }
  REQUIRE(w.state("a") == child_state::failed);
  w.take();
  start(w, "a");
  CHECK(w.take() == "start a, up a");
  w.end("a");
  w.advance(0s);
  CHECK(w.state("a") == child_state::up);
}

TEST_CASE("only who does not run is forgotten", "[supervision]") {
  auto w = two();
  CHECK_FALSE(w.book().erase(w.key("a")));
  w.end("a");
  CHECK_FALSE(w.book().erase(w.key("a")));
  terminate(w, "a");
  CHECK(w.book().erase(w.key("a")));
  CHECK_FALSE(w.book().erase(w.key("a")));
  CHECK(w.book().children().size() == 1);
}

TEST_CASE("a temporary child is forgotten with its end", "[supervision]") {
  child_policy child;
  child.restart.type = restart_type::temporary;
  auto w = two(child);
  terminate(w, "a");
  CHECK(w.take() == "stop a, removed a");
  CHECK(w.book().find(w.key("a")) == nullptr);
}

TEST_CASE("what is terminated while it stops for other reasons",
          "[supervision]") {
  child_policy child;
  child.ready_within = 1s;
  auto w = two(child);
  w.slow("a");
  w.immortal("a");
  w.end("a");
  w.advance(100ms);
  w.advance(1s);
  // Late, killed, and now nobody wants it any more.
  terminate(w, "a");
  w.advance(1h);
  CHECK(w.take() == "failed a, start a, kill a, abandoned a");
  CHECK(w.state("a") == child_state::abandoned);
}

TEST_CASE("new limits count what was counted", "[supervision]") {
  auto w = two();
  w.end("a");
  w.advance(1s);
  w.book().change(supervisor_options{1, 1min});
  w.end("a");
  CHECK(w.over());
}

TEST_CASE("a new delay holds from the next failure on", "[supervision]") {
  auto w = two();
  restart_options slower;
  slower.initial = 5s;
  w.book().change(w.key("a"), slower);
  w.end("a");
  w.advance(4999ms);
  CHECK(w.take({"start"}) == "");
  w.advance(1ms);
  CHECK(w.take({"start"}) == "start a");
}

TEST_CASE("nothing is started by a supervisor that ends", "[supervision]") {
  auto w = two();
  w.stubborn("b");
  w.perform(w.book().stop());
  w.end("a");
  start(w, "a");
  w.advance(1h);
  CHECK(w.take({"start"}) == "");
  CHECK(w.over());
}

TEST_CASE("counts follow what happens", "[supervision]") {
  auto w = two();
  CHECK(w.book().active() == 2);
  CHECK(w.book().up() == 2);
  w.slow("a");
  w.end("a");
  CHECK(w.book().active() == 1);
  w.advance(100ms);
  CHECK(w.book().active() == 2);
  CHECK(w.book().up() == 1);
}

TEST_CASE("what is out of date does nothing", "[supervision]") {
  auto w = two();
  auto key = w.key("a");
  w.end("a");
  w.advance(100ms);
  REQUIRE(w.incarnation("a") == 2);
  w.take();
  auto& book = w.book();
  for (auto kind :
       {timer_kind::restart, timer_kind::ready, timer_kind::shutdown,
        timer_kind::abandon, timer_kind::group})
    for (uint64_t generation = 0; generation < 7; ++generation)
      w.perform(book.on_timer({kind, key, generation}, w.now(), 0.5));
  w.perform(book.on_up(key, 1, w.now()));
  w.perform(book.on_ended(key, 1, {}, w.now(), 0.5));
  w.perform(book.on_ended(99, 1, {}, w.now(), 0.5));
  w.perform(book.terminate(99, w.now()));
  w.perform(book.start(99));
  CHECK(w.take() == "");
  CHECK(w.state("a") == child_state::up);
}

TEST_CASE("a child that waits for its restart is not started at the end",
          "[supervision]") {
  auto w = two();
  w.stubborn("b");
  w.end("a");
  w.perform(w.book().stop());
  w.advance(1h);
  CHECK(w.take()
        == "failed a, stop b, kill b, stopped b, stopped a, "
           "finish stopped");
}

// The order to start it left it out of that round for good: the next failure
// stopped it with its group, and nobody started it again.
TEST_CASE("who was terminated and started during a group start is in it again",
          "[supervision]") {
  supervisor_policy policy;
  policy.strategy = restart_strategy::rest_for_one;
  test::world w{policy};
  for (auto name : {"a", "b"})
    w.add(name);
  w.start_all();
  w.slow("a");
  w.end("a");
  w.advance(100ms);
  w.take();
  terminate(w, "b");
  start(w, "b");
  CHECK(w.take() == "stopped b, start b, up b");
  w.end("b");
  CHECK(w.take() == "failed b, group b, stop a, paused a");
  w.advance(100ms);
  w.up("a");
  CHECK(w.take() == "start a, up a, start b, up b");
}

// A group restart took the place of the first start: those between were never
// started.
TEST_CASE("who is added and fails during the first start keeps nobody from it",
          "[supervision]") {
  supervisor_policy policy;
  policy.strategy = restart_strategy::rest_for_one;
  test::world w{policy};
  w.slow("a");
  w.add("a");
  w.add("b");
  w.start_all();
  w.add("c");
  start(w, "c");
  w.end("c");
  w.advance(100ms);
  w.up("a");
  CHECK(w.take({"start"}) == "start a, start c, start a, start b, start c");
  CHECK(w.state("b") == child_state::up);
}
