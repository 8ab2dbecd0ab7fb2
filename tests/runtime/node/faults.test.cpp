#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

// What a program's own code throws ends a node in order, or not at all. On
// real processes, because it used to end them by SIGABRT.

namespace {

struct outcome {
  int code = 0;
  std::vector<std::string> lines;

  /// How many lines have all these words.
  long count(const std::vector<std::string>& words) const {
    return std::count_if(lines.begin(), lines.end(), [&](auto& line) {
      return std::all_of(words.begin(), words.end(), [&](auto& word) {
        return line.find(word) != std::string::npos;
      });
    });
  }
};

outcome play(const std::string& mode) {
  test::process program{test::program("FAULTS"),
                        {"--mode=" + mode, "--drain=0s"}};
  outcome result;
  result.code = program.wait_exit();
  result.lines = program.lines();
  return result;
}

} // namespace

TEST_CASE("a setup that throws what is no std::exception ends with 70",
          "[run][faults]") {
  auto it = play("setup-throws-int");
  CHECK(it.code == 70);
  CHECK(it.lines == std::vector<std::string>{"faults: exception of type int"});
}

TEST_CASE("a hook that throws what is no std::exception ends with 70",
          "[run][faults]") {
  auto mode =
    GENERATE("start-throws-int", "drain-throws-int", "stop-throws-int");
  auto it = play(mode);
  CHECK(it.code == 70);
  CHECK(it.count({"faults: exception of type int"}) == 1);
  CHECK(it.count({"second hook"}) == (mode == std::string{"stop-throws-int"}));
}

TEST_CASE("an on_exit that throws does not end the node", "[run][faults]") {
  auto it = play("bad-exit");
  CHECK(it.code == 0);
  CHECK(it.count({"answer 1"}) == 1);
  CHECK(it.count({"error std::runtime_error: 13"}) == 1);
  CHECK(it.count({"answer 2"}) == 1);
  CHECK(it.count({"child_failed", "on_exit throws"}) == 1);
}

TEST_CASE("a blocking service may throw at its end and at its start",
          "[run][faults]") {
  SECTION("at its end") {
    auto it = play("bad-blocking-exit");
    CHECK(it.code == 0);
    CHECK(it.count({"answer 13"}) == 1);
    CHECK(it.count({"answer 2"}) == 1);
    CHECK(it.count({"child_failed", "int (thrown by on_exit)"}) == 1);
  }
  SECTION("at its start") {
    auto it = play("bad-blocking-start");
    CHECK(it.code == 0);
    CHECK(it.count({"answer 2"}) == 1);
    CHECK(it.count({"child_failed", "initialize throws"}) == 1);
  }
}
