#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <iterator>

#include <signal.h>
#include <sys/wait.h>

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

// Runs `script`. `exec` in it keeps the shell from staying in between.
test::process shell(const std::string& script) {
  return test::process{"/bin/sh", {"-c", script}};
}

// Returns whether the process `id` runs; one that waits to be reaped does not.
bool runs(pid_t id) {
  std::ifstream stat{"/proc/" + std::to_string(id) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{stat}, {}};
  const auto name_end = text.rfind(") ");
  return name_end != std::string::npos && text[name_end + 2] != 'Z';
}

bool dies(pid_t id) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (runs(id))
    if (std::chrono::steady_clock::now() > deadline)
      return false;
  return true;
}

} // namespace

TEST_CASE("lines of both outputs arrive in order", "[process]") {
  auto sh = shell("echo one; echo two >&2; printf three");
  CHECK(sh.wait_exit() == 0);
  CHECK(sh.lines() == std::vector<std::string>{"one", "two", "three"});
}

TEST_CASE("a line is waited for and then passed over", "[process]") {
  auto sh = shell("echo a1; echo b; echo a2; echo tail");
  CHECK(sh.wait_for_line("a") == "a1");
  CHECK(sh.wait_for_line("a") == "a2");
  CHECK(sh.has_line("b"));
  CHECK_THROWS_AS(sh.wait_for_line("b", 5s), test::process_error);
}

TEST_CASE("a line can be waited for by a condition", "[process]") {
  auto sh = shell("echo a; echo bbb; exec cat");
  CHECK(sh.wait_for_line([](const auto& line) { return line.size() == 3; })
        == "bbb");
}

TEST_CASE("a line that does not come shows what came instead", "[process]") {
  auto sh = shell("echo something else; exec sleep 60");
  sh.wait_for_line("something");
  CHECK_THROWS_WITH(sh.wait_for_line("never", 50ms),
                    Contains("no line with 'never'")
                      && Contains("something else"));
}

TEST_CASE("a program that ends is noticed at once", "[process]") {
  auto sh = shell("echo bye");
  CHECK_THROWS_WITH(sh.wait_for_line("never", 1h), Contains("ended"));
}

TEST_CASE("the exit code tells how a program ended", "[process]") {
  CHECK(shell("exit 64").wait_exit() == 64);
  auto sleeper = shell("exec sleep 60");
  CHECK_THROWS_AS(sleeper.wait_exit(50ms), test::process_error);
  sleeper.signal(SIGTERM);
  CHECK(sleeper.wait_exit() == 128 + SIGTERM);
  CHECK(sleeper.wait_exit() == 128 + SIGTERM);
}

TEST_CASE("a program gets its signals even if the test blocks them",
          "[process]") {
  sigset_t block;
  sigset_t before;
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigprocmask(SIG_BLOCK, &block, &before);
  auto sleeper = shell("exec sleep 60");
  sleeper.signal(SIGTERM);
  CHECK(sleeper.wait_exit() == 128 + SIGTERM);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("a program and its children die with the harness", "[process]") {
  pid_t leader = 0;
  pid_t child = 0;
  {
    auto sh = shell("trap '' TERM; sleep 60 & echo child=$!; wait");
    leader = sh.id();
    child = std::stoi(test::field_of(sh.wait_for_line("child="), "child"));
  }
  CHECK_FALSE(runs(leader));
  CHECK(dies(child));
}

TEST_CASE("the children of a program that has ended die too", "[process]") {
  pid_t child = 0;
  {
    auto sh = shell("sleep 60 & echo child=$!");
    child = std::stoi(test::field_of(sh.wait_for_line("child="), "child"));
    CHECK(sh.wait_exit() == 0);
    CHECK(runs(child));
  }
  CHECK(dies(child));
}

TEST_CASE("a program may print much while nobody reads", "[process]") {
  auto sh = shell("i=0; while [ $i -lt 20000 ]; do echo line $i; "
                  "i=$((i+1)); done; echo done > /dev/null; exit 3");
  CHECK(sh.wait_exit() == 3);
  CHECK(sh.lines().size() == 20000);
  CHECK(sh.lines().back() == "line 19999");
}

TEST_CASE("a program that does not exist is refused", "[process]") {
  CHECK_THROWS_WITH((test::process{"/no/such/program", {}}),
                    Contains("/no/such/program"));
}

TEST_CASE("a field of a line is found by its key", "[process]") {
  const std::string line = R"(x listening host=::1 port=80 why="a b" q="" t=)";
  CHECK(test::field_of(line, "port") == "80");
  CHECK(test::field_of(line, "host") == "::1");
  CHECK(test::field_of(line, "why") == "a b");
  CHECK(test::field_of(line, "q") == "");
  CHECK(test::field_of(line, "t") == "");
  CHECK(test::field_of(line, "ort") == "");
  CHECK(test::field_of("port=1", "port") == "1");
}
