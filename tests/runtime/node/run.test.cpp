#include "support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <signal.h>
#include <unistd.h>

using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;

namespace {

using arguments = std::vector<std::string>;

test::process hello(arguments given = {}) {
  return {test::program("HELLO"), std::move(given)};
}

test::process probe(const std::string& mode, arguments given = {}) {
  given.push_back("--mode=" + mode);
  return {test::program("PROBE"), std::move(given)};
}

/// Expects the one line that a program says before it ends with `code`.
void check_refusal(test::process program, int code, const std::string& line) {
  CHECK(program.wait_exit() == code);
  REQUIRE(program.lines().size() == 1);
  CHECK_THAT(program.lines().front(), StartsWith(line));
}

/// A file that is there as long as the object.
class ini_file {
public:
  explicit ini_file(const std::string& text)
    : path_(std::filesystem::temp_directory_path()
            / ("bulwark-run-" + std::to_string(::getpid()) + ".ini")) {
    std::ofstream{path_} << text;
  }

  ini_file(const ini_file&) = delete;
  ini_file& operator=(const ini_file&) = delete;

  ~ini_file() { std::filesystem::remove(path_); }

  std::string option() const { return "--config=" + path_.string(); }

private:
  std::filesystem::path path_;
};

size_t position(const test::process& program, const std::string& text) {
  const auto& lines = program.lines();
  auto at = std::find_if(lines.begin(), lines.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos;
  });
  CAPTURE(text);
  REQUIRE(at != lines.end());
  return static_cast<size_t>(at - lines.begin());
}

} // namespace

TEST_CASE("help and version are shown and nothing is started", "[run]") {
  auto help = hello({"--help"});
  CHECK(help.wait_exit() == 0);
  CHECK_THAT(help.lines().front(), StartsWith("usage: hello"));
  CHECK(help.has_line("--listen HOST:PORT"));
  CHECK(help.has_line("restart.initial"));
  CHECK_FALSE(help.has_line("child_started"));
  auto version = hello({"--version"});
  CHECK(version.wait_exit() == 0);
  REQUIRE(version.lines().size() == 1);
  CHECK_THAT(version.lines().front(), StartsWith("hello (bulwark "));
}

TEST_CASE("bad options are one line and exit code 64", "[run]") {
  check_refusal(hello({"--colour=red"}), 64,
                "hello: unknown option --colour; see --help");
  check_refusal(hello({"--service.greeter.restart.initial=250"}), 64,
                "hello: --service.greeter.restart.initial is \"250\"; a "
                "duration is");
  check_refusal(hello({"--service.greter.restart.initial=250ms"}), 64,
                "hello: --service.greter.restart.initial names no service; "
                "known here: greeter, visitor");
  check_refusal(hello({"--restart.jitter=1.5"}), 64,
                "hello: service greeter: restart.jitter is 1.5; it must be at "
                "least 0 and below 1");
}

TEST_CASE("a bad file is one line and exit code 64", "[run]") {
  SECTION("unknown key") {
    ini_file file{"colour=red\n"};
    auto program = hello({file.option()});
    CHECK(program.wait_exit() == 64);
    REQUIRE(program.lines().size() == 1);
    CHECK_THAT(program.lines().front(),
               Contains("unknown option") && Contains("colour"));
  }
  SECTION("unknown service") {
    ini_file file{"[service.nobody]\nreplicas=2\n"};
    auto program = hello({file.option()});
    CHECK(program.wait_exit() == 64);
    REQUIRE(program.lines().size() == 1);
    CHECK_THAT(program.lines().front(),
               Contains("service.nobody.replicas names no service"));
  }
}

TEST_CASE("what a program declares wrongly is one line too", "[run]") {
  check_refusal(probe("bad-setup"), 64,
                "probe: service name is \"two words\"; it must be");
  check_refusal(probe("circle"), 64,
                "probe: services use each other in a circle: a -> b -> a");
  check_refusal(probe("broken-setup"), 70, "probe: the program's\\nown fault");
}

TEST_CASE("an address that cannot be listened on is exit code 69", "[run]") {
  auto program = probe("no-listen");
  CHECK(program.wait_exit() == 69);
  CHECK(program.has_line("probe: port is in use"));
  CHECK_FALSE(program.has_line("node_started"));
}

TEST_CASE("a port in use is one line and exit code 69", "[run]") {
  auto first = hello({"--listen=127.0.0.1:0"});
  auto address = test::field_of(first.wait_for_line("node_started"), "listen");
  CHECK_THAT(address, StartsWith("127.0.0.1:"));
  CHECK(address != "127.0.0.1:0");
  check_refusal(hello({"--listen=" + address}), 69,
                "hello: cannot listen on " + address);
}

TEST_CASE("a crash and the restart after it are in the log", "[run]") {
  auto program = hello({"--name=alpha"});
  auto failed = program.wait_for_line("child_failed");
  CHECK_THAT(failed, Contains(" alpha child_failed "
                              "component=/root/greeter/greeter#1 "
                              "reason=\"std::runtime_error: there is nobody "
                              "to greet\" incarnation=1"));
  CHECK_FALSE(test::field_of(failed, "restart_in").empty());
  auto restarted = program.wait_for_line("child_restarted");
  CHECK(test::field_of(restarted, "incarnation") == "2");
  CHECK_FALSE(test::field_of(restarted, "downtime").empty());
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("hello, Ada"));
  CHECK(program.has_line("hello, Grace"));
}

TEST_CASE("SIGTERM drains, stops in reverse order and exits 0", "[run]") {
  auto number = GENERATE(SIGTERM, SIGINT);
  auto program = hello({"--drain=10ms"});
  program.wait_for_line("child_restarted");
  program.signal(number);
  CHECK(program.wait_exit() == 0);
  auto drained = position(program, "node_draining");
  auto visitor = position(program, "child_stopped component=/root/visitor/");
  auto greeter = position(program, "child_stopped component=/root/greeter/");
  auto stopped = position(program, "node_stopped");
  CHECK(drained < visitor);
  CHECK(visitor < greeter);
  CHECK(greeter < stopped);
  CHECK(stopped + 1 == program.lines().size());
}

TEST_CASE("a second signal ends the process at once", "[run]") {
  auto program = hello({"--drain=1h"});
  program.wait_for_line("node_started");
  program.signal(SIGTERM);
  program.wait_for_line("node_draining");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 130);
}

TEST_CASE("the command line wins over the file, the file over the code",
          "[run]") {
  ini_file file{"name = beta\n"
                "[service.greeter]\n"
                "restart.jitter = 0\n"
                "restart.initial = 70ms\n"};
  auto first_delay = [](test::process program) {
    return test::field_of(program.wait_for_line("child_failed"), "restart_in");
  };
  CHECK(first_delay(hello({file.option()})) == "70ms");
  CHECK(first_delay(hello({file.option(), "--restart.initial=60ms"}))
        == "60ms");
  CHECK(first_delay(hello({file.option(), "--restart.initial=60ms",
                           "--service.greeter.restart.initial", "50ms"}))
        == "50ms");
  auto named = hello({file.option(), "--name=gamma"});
  CHECK_THAT(named.wait_for_line("node_started"), Contains(" gamma "));
}

TEST_CASE("log lines are JSON objects when asked for", "[run]") {
  auto program = hello({"--log-format=json", "--log-level=error"});
  auto line = program.wait_for_line("child_failed");
  auto object = nlohmann::json::parse(line);
  CHECK(object["component"] == "/root/greeter/greeter#1");
  CHECK(object["level"] == "ERROR");
  CHECK(object["reason"] == "std::runtime_error: there is nobody to greet");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK_FALSE(program.has_line("INFO"));
}

TEST_CASE("what is in flight is answered before services stop", "[run]") {
  auto program = probe("in-flight", {"--drain=10ms"});
  program.wait_for_line("slow has work");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  auto hook = position(program, "hook drain");
  auto answer = position(program, "patient got finished");
  auto stop = position(program, "hook stop");
  CHECK(hook < answer);
  CHECK(answer < stop);
  CHECK(stop < position(program, "child_stopped"));
}

TEST_CASE("a service that never stops holds nobody up", "[run]") {
  auto program = probe("stuck", {"--drain=0s", "--gate.timeout=100ms"});
  program.wait_for_line("stuck is stuck");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("child_abandoned"));
  CHECK(program.has_line("node_stopped"));
}

TEST_CASE("a program can stop itself, and announce what it likes", "[run]") {
  auto program = probe("stop-itself", {"--drain=0s"});
  CHECK(test::field_of(program.wait_for_line("node_started"), "mode")
        == "stop-itself");
  CHECK(program.wait_exit() == 0);
}

TEST_CASE("health tells of services and of what they miss", "[run]") {
  auto program =
    probe("health", {"--drain=0s", "--service.far.gate.timeout=1s"});
  program.wait_for_line("counted 41 apples");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("health away remote unreachable"));
  CHECK(
    program.has_line("health counter required_down=far optional_down=away"));
  CHECK(program.has_line("health far remote unreachable"));
}

TEST_CASE("a service that the node is no use without ends it with code 70",
          "[run]") {
  auto program = probe("essential");
  CHECK(program.wait_exit() == 70);
  REQUIRE(program.has_line("supervisor_failed component=/root "));
  auto line = program.lines()[position(program, "component=/root reason=")];
  // The last straw and what came before it are told.
  CHECK_THAT(line, Contains("CRIT"));
  CHECK_THAT(line, Contains("/root/fragile failed"));
  CHECK_THAT(line, Contains("/root/fragile/fragile#1"));
  CHECK_THAT(line, Contains("cannot stand noise"));
}

TEST_CASE("no flood of poison ends a node", "[run]") {
  auto program = probe("battered");
  // Eight replicas crash 20 times in all; then their supervisor cools down.
  program.wait_for_line("battered all");
  program.wait_for_line("child_gave_up component=/root/fragile-29 ");
  program.signal(SIGTERM);
  CHECK(program.wait_exit() == 0);
  CHECK_FALSE(program.has_line("component=/root reason="));
}

TEST_CASE("a node runs a tree of one's own beside its services", "[run]") {
  auto program = probe("own-tree");
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("child_started component=/root/tree/leaf"));
  CHECK(program.has_line("child_stopped component=/root/tree/leaf"));
  check_refusal(probe("child-twice"), 64,
                "probe: child.id is \"leaf\"; it must be unique among its "
                "siblings");
}

TEST_CASE("a running node gets more replicas of a service, and fewer",
          "[run]") {
  auto program = probe("scale");
  CHECK(program.wait_exit() == 0);
  CHECK(program.has_line("three replicas: "));
  CHECK(program.has_line("child_started component=/root/fragile/fragile#3"));
  CHECK(program.has_line("child_stopped component=/root/fragile/fragile#3"));
  CHECK(program.has_line("one replica"));
}
