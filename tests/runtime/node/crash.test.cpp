// A crash in a handler ended the node without a word. Real processes, because
// what is told of is their death.

#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>
#include <vector>

#include <signal.h>

using Catch::Contains;
using Catch::StartsWith;

namespace {

test::process doomed(const std::string& by,
                     const std::string& service = "plain") {
  return {test::program("DOOMED"), {"--by=" + by, "--service=" + service}};
}

const std::string whose =
  " in a handler of service orders, replica 1, incarnation 1, message "
  "shop::order";

} // namespace

TEST_CASE("a crash in a handler is one line, and the death is its own",
          "[run][crash]") {
  auto [by, signal, name] = GENERATE(table<std::string, int, std::string>({
    {"segv", SIGSEGV, "SIGSEGV"},
    {"overflow", SIGSEGV, "SIGSEGV"},
    {"abort", SIGABRT, "SIGABRT"},
    {"terminate", SIGABRT, "SIGABRT"},
    {"kill", SIGSEGV, "SIGSEGV"},
  }));
  auto service = GENERATE(as<std::string>{}, "plain", "blocking");
  // A signal from elsewhere is taken by any thread.
  if (by == "kill")
    service = "none";
  CAPTURE(by, service);
  auto program = doomed(by, service);
  CHECK(program.wait_exit() == 128 + signal);
  auto told = service == "none" ? "" : whose;
  CHECK(program.has_line("doomed: " + name + told));
}

TEST_CASE("std::exit in a handler is told the same way", "[run][crash]") {
  auto program = doomed("exit");
  CHECK(program.wait_exit() == 3);
  CHECK(program.has_line("doomed: std::exit(3) was called" + whose));
}

TEST_CASE("a message of a type of CAF's is named too", "[run][crash]") {
  auto program = doomed("abort", "text");
  CHECK(program.wait_exit() == 128 + SIGABRT);
  CHECK(program.has_line("incarnation 1, message @str"));
}

TEST_CASE("outside of any handler a crash is told, and an exit is not",
          "[run][crash]") {
  auto crash = doomed("segv", "none");
  CHECK(crash.wait_exit() == 128 + SIGSEGV);
  CHECK(crash.has_line("doomed: SIGSEGV outside of any service's handler"));
  auto exit = doomed("exit", "none");
  CHECK(exit.wait_exit() == 3);
  CHECK_FALSE(exit.has_line("std::exit"));
}

TEST_CASE("what the log holds is written before the process ends",
          "[run][crash]") {
  auto program = doomed("abort", "reporter");
  CHECK(program.wait_exit() == 128 + SIGABRT);
  CHECK(program.has_line("the last words"));
  CHECK(program.has_line("doomed: SIGABRT" + whose));
}
