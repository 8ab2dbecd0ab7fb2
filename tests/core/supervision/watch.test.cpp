#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

#include <string>

// Children that do not come back from a handler.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

child_policy watched(duration limit = 60s) {
  child_policy result;
  result.hung_after = limit;
  result.restart.jitter = 0;
  return result;
}

} // namespace

TEST_CASE("one that is at the same thing for too long is killed and restarted",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched());
  w.add("b", watched());
  w.start_all();
  w.take();
  w.progress_counter("a", 7);
  w.progress_counter("b", 8);
  w.advance(74s);
  CHECK(w.take() == "suspect a, suspect a, suspect a");
  w.advance(1s);
  CHECK(w.take() == "kill a, failed a");
  CHECK(w.state("a") == child_state::waiting);
  w.progress_counter("a", 0);
  w.advance(100ms);
  CHECK(w.take() == "start a, up a");
  CHECK(w.state("b") == child_state::up);
}

TEST_CASE("one that is busy with one thing after the other does not hang",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched());
  w.start_all();
  w.take();
  for (uint32_t i = 0; i < 20; ++i) {
    w.progress_counter("a", 2 * i + 1);
    w.advance(59s);
  }
  CHECK(w.take({"kill", "failed"}) == "");
}

// It was killed at the second look that a sibling's limit gave rise to.
TEST_CASE("one without a limit never hangs, also beside one that has one",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched(0s));
  w.add("b", watched());
  w.start_all();
  w.take();
  w.progress_counter("a", 7);
  w.progress_counter("b", 8);
  w.advance(1h);
  CHECK(w.take() == "");
  CHECK(w.state("a") == child_state::up);
}

TEST_CASE("one that is idle never hangs", "[supervision][watch]") {
  test::world w;
  w.add("a", watched());
  w.start_all();
  w.take();
  w.progress_counter("a", 6);
  w.advance(24h);
  CHECK(w.take() == "");
}

TEST_CASE("a limit of zero says never", "[supervision][watch]") {
  test::world w;
  w.add("a", watched(0s));
  w.start_all();
  w.take();
  w.progress_counter("a", 1);
  w.advance(24h);
  CHECK(w.take() == "");
}

TEST_CASE("the shortest limit sets the pace, each keeps its own",
          "[supervision][watch]") {
  test::world w;
  w.add("slow", watched(60s));
  w.add("fast", watched(1s));
  w.start_all();
  w.take();
  w.progress_counter("slow", 1);
  w.progress_counter("fast", 1);
  w.advance(1250ms);
  CHECK(w.take({"kill"}) == "kill fast");
  w.progress_counter("fast", 0);
  w.advance(58s);
  CHECK(w.take({"kill"}) == "");
  w.advance(2s);
  CHECK(w.take({"kill"}) == "kill slow");
}

TEST_CASE("what an earlier incarnation was at is not the next one's",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched(4s));
  w.start_all();
  w.progress_counter("a", 1);
  w.advance(4s);
  w.end("a");
  w.take();
  w.advance(4s);
  CHECK(w.take({"kill"}) == "");
  w.advance(2s);
  CHECK(w.take({"kill"}) == "kill a");
}

TEST_CASE("one that does not end when it is killed is abandoned and replaced",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched(4s));
  w.immortal("a");
  w.start_all();
  w.take();
  w.progress_counter("a", 1);
  w.advance(5s);
  CHECK(w.take({"kill", "abandoned"}) == "kill a");
  w.progress_counter("a", 0);
  w.advance(1s);
  CHECK(w.take() == "abandoned a, failed a");
  w.advance(100ms);
  CHECK(w.take() == "start a, up a");
  CHECK(w.incarnation("a") == 2);
}

TEST_CASE("hanging counts as failing", "[supervision][watch]") {
  test::world w;
  auto policy = watched(1s);
  policy.restart.intensity = 2;
  w.add("a", policy);
  w.start_all();
  w.take();
  w.progress_counter("a", 1);
  w.advance(10s);
  CHECK(w.take({"kill", "gave_up"}) == "kill a, kill a, kill a, gave_up a");
}

TEST_CASE("an operator and an end come before a hanging child",
          "[supervision][watch]") {
  test::world w;
  w.add("a", watched(1s));
  w.immortal("a");
  w.start_all();
  w.progress_counter("a", 1);
  w.advance(1250ms);
  w.take();
  bool ends = GENERATE(true, false);
  w.perform(ends ? w.book().stop() : w.book().terminate(w.key("a"), w.now()));
  w.advance(1h);
  CHECK(w.take({"start"}) == "");
  CHECK(w.state("a") == child_state::abandoned);
  CHECK(w.over() == ends);
}

TEST_CASE("a limit that is too short is refused by name",
          "[supervision][watch]") {
  for (auto wrong : {duration{-1s}, duration{9ms}, duration{24h * 4000}})
    CHECK_THAT(validate(watched(wrong), {}).value_or(""),
               Catch::StartsWith("child.hung_after is "));
  CHECK(validate(watched(10ms), {}) == std::nullopt);
  CHECK(validate(watched(0s), {}) == std::nullopt);
}
