// What keeps a process from starting or ending as its operator wants it.

#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <signal.h>
#include <sys/resource.h>

using Catch::StartsWith;

namespace {

test::process hello(std::vector<std::string> given = {}) {
  return {test::program("HELLO"), std::move(given)};
}

test::process probe(const std::string& mode,
                    std::vector<std::string> given = {}) {
  given.push_back("--mode=" + mode);
  given.push_back("--drain=0s");
  return {test::program("PROBE"), std::move(given)};
}

/// A soft limit of open files, for as long as the object and for what is
/// started meanwhile.
class descriptor_limit {
public:
  explicit descriptor_limit(rlim_t soft) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit now{soft, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
  }

  descriptor_limit(const descriptor_limit&) = delete;
  descriptor_limit& operator=(const descriptor_limit&) = delete;

  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  rlim_t hard() const { return before_.rlim_max; }

private:
  rlimit before_{};
};

} // namespace

TEST_CASE("a directory is no file of options", "[run]") {
  auto folder = std::filesystem::temp_directory_path().string();
  auto program = hello({"--config=" + folder});
  CHECK(program.wait_exit() == 64);
  REQUIRE(program.lines().size() == 1);
  CHECK(program.lines().front()
        == "hello: --config is \"" + folder
             + "\"; it must be a file, and is a directory");
}

TEST_CASE("an option that nobody gave or declared is named", "[run]") {
  auto missing = probe("no-option");
  CHECK(missing.wait_exit() == 64);
  REQUIRE(missing.lines().size() == 1);
  CHECK_THAT(missing.lines().front(),
             StartsWith("probe: option --nowhere has no value: it was not "
                        "given"));
  auto wrong = probe("wrong-option");
  CHECK(wrong.wait_exit() == 64);
  CHECK_THAT(wrong.lines().front(),
             StartsWith("probe: option --mode has no value: the program asks "
                        "for it as another type"));
}

TEST_CASE("an actor that is left running is told, and holds up no end",
          "[run]") {
  auto program = probe("leftover");
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("probe: 1 actor still runs 1s after the services "
                         "were stopped"));
  CHECK_FALSE(program.has_line("run returned"));
}

TEST_CASE("a node ends though no thread of its scheduler does", "[run]") {
  auto program =
    probe("spin", {"--caf.scheduler.max-threads=2", "--gate.timeout=100ms"});
  program.wait_for_line("spin is stuck");
  program.wait_for_line("spin is stuck");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("probe: no thread of the scheduler came free within "
                         "10s"));
}

TEST_CASE("a program whose actors have ended goes on after run", "[run]") {
  auto program = probe("stop-itself");
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("run returned"));
  CHECK_FALSE(program.has_line("still runs"));
}

TEST_CASE("SIGHUP ends nothing", "[run]") {
  auto program = hello({"--drain=0s"});
  program.wait_for_line("node_started");
  program.signal(SIGHUP);
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("node_stopped"));
}

TEST_CASE("Ctrl-C does not wait for balancers", "[run]") {
  auto program = hello({"--drain=1h"});
  program.wait_for_line("child_restarted");
  program.signal(SIGINT);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("node_draining"));
}

TEST_CASE("a node takes as many descriptors as it may have", "[run]") {
  descriptor_limit limit{256};
  auto program = hello({"--drain=0s"});
  auto line = program.wait_for_line("node_started");
  CHECK(test::field_of(line, "descriptors") == std::to_string(limit.hard()));
}
