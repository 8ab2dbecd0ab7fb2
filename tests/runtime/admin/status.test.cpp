// The program `bulwark` and a node that is another process.

#include "runtime/http/server_fixture.hpp"
#include "support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>

using Catch::Contains;
using Catch::StartsWith;

namespace {

struct far_node {
  test::process process{test::program("ECHO_NODE"),
                        {"--name=alpha", "--admin=127.0.0.1:0", "--drain=0s"}};
  std::string address =
    test::field_of(process.wait_for_line("node_started"), "admin");
};

struct ended {
  int code;
  std::vector<std::string> lines;
};

ended status(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "status");
  test::process program{test::program("BULWARK"), std::move(arguments)};
  auto code = program.wait_exit();
  return {code, program.lines()};
}

/// Waits for the service to be up: `node_started` does not.
void await_ready(const std::string& address) {
  auto end = bulwark::test::soon();
  while (status({"--admin", address, "--probe=ready"}).code != 0)
    REQUIRE(bulwark::test::now() < end);
}

} // namespace

TEST_CASE("the program shows how a node is doing", "[admin]") {
  far_node node;
  CHECK_THAT(node.address, StartsWith("127.0.0.1:"));
  await_ready(node.address);
  auto [code, lines] = status({"--admin", node.address});
  CHECK(code == 0);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "node alpha: serving, journal off");
  CHECK_THAT(lines[2], StartsWith("  service  state  where  replicas"));
  CHECK_THAT(lines[3], StartsWith("  orders   up     here   1 of 1"));
  auto as_json = status({"--admin=" + node.address, "--format=json"});
  CHECK(as_json.code == 0);
  auto health = nlohmann::json::parse(as_json.lines.at(0));
  CHECK(health.at("services").at(0).at("state") == "up");
  auto live = status({"--admin=" + node.address, "--probe=live"});
  CHECK(live.code == 0);
  CHECK(live.lines
        == std::vector<std::string>{R"({"node":"alpha","live":true})"});
}

TEST_CASE("a node that is not there is exit code 2", "[admin]") {
  far_node node;
  node.process.signal(SIGTERM);
  CHECK(node.process.wait_exit() == 0);
  auto [code, lines] = status({"--admin", node.address});
  CHECK(code == 2);
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0],
             StartsWith("bulwark: no node is reached at " + node.address));
  CHECK(status({"--admin", node.address, "--probe=live"}).code == 2);
}

TEST_CASE("what is no node is exit code 2", "[admin]") {
  using namespace bulwark::test;
  running_server other{echo};
  auto where = "127.0.0.1:" + std::to_string(other.port);
  auto [code, lines] = status({"--admin", where});
  CHECK(code == 2);
  CHECK(lines
        == std::vector<std::string>{"bulwark: what answers at " + where
                                    + " is no node"});
}

TEST_CASE("what the program is asked wrongly is exit code 1", "[admin]") {
  auto refused = [](std::vector<std::string> arguments) {
    auto [code, lines] = status(std::move(arguments));
    CHECK(code == 1);
    return lines.empty() ? "" : lines.front();
  };
  CHECK_THAT(refused({}), Contains("--admin"));
  CHECK(refused({"--admin=7070"})
        == "bulwark: --admin is \"7070\"; it must be HOST:PORT, such as "
           "127.0.0.1:7070");
  CHECK(refused({"--admin=127.0.0.1:1", "--format=xml"})
        == "bulwark: --format is \"xml\"; it must be text or json");
  CHECK(refused({"--admin=127.0.0.1:1", "--probe=lively"})
        == "bulwark: --probe is \"lively\"; it must be live, ready or startup");
}

TEST_CASE("an address that is not loopback's ends a node at once", "[admin]") {
  test::process node{test::program("ECHO_NODE"), {"--admin=0.0.0.0:7070"}};
  CHECK(node.wait_exit() == 64);
  REQUIRE(node.lines().size() == 1);
  CHECK_THAT(node.lines().front(), Contains("there is no TLS"));
}
