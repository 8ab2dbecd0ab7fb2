// The program `bulwark` changes a node that is another process. It has to be
// one, because it is found by its folder, and because it can be told to leave.
// Each command of docs/runbook.md is here.

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;

namespace {

struct outcome {
  int code = 0;
  std::vector<std::string> lines = {};

  std::string line() const { return lines.empty() ? "" : lines.front(); }

  bool shows(const std::string& text) const {
    for (const auto& each : lines)
      if (each.find(text) != std::string::npos)
        return true;
    return false;
  }
};

/// A node of its own folder, and the program that changes it.
struct steered_process {
  test::temp_folder folder;
  test::process node;
  std::string address;

  steered_process()
    : node(test::program("STEERED_NODE"),
           {"--name=alpha", "--admin=127.0.0.1:0", "--drain=0s",
            "--data=" + folder.path().string()}),
      address(test::field_of(node.wait_for_line("node_started"), "admin")) {}

  outcome run(std::vector<std::string> words) const {
    words.push_back("--data=" + folder.path().string());
    return plain(std::move(words));
  }

  static outcome plain(std::vector<std::string> words) {
    test::process program{test::program("BULWARK"), std::move(words)};
    auto code = program.wait_exit();
    return {code, program.lines()};
  }

  json json_of(std::vector<std::string> words) const {
    words.push_back("--format=json");
    auto done = run(std::move(words));
    CHECK(done.code == 0);
    return json::parse(done.line());
  }
};

} // namespace

TEST_CASE("an operator isolates, drains and opens a bulkhead", "[admin]") {
  steered_process s;
  auto done = s.run(
    {"isolate", "external_apis", "--level=normal", "--reason=partner is slow"});
  CHECK(done.code == 0);
  CHECK(done.line()
        == "change 1, isolate: bulkhead.external_apis.isolation none -> "
           "normal");
  s.node.wait_for_line("change_applied");
  CHECK(s.run({"drain", "external_apis", "--reason=new disks"}).code == 0);
  s.node.wait_for_line("bulkhead_drained");
  CHECK(s.run({"top"}).shows("all"));
  CHECK(s.run({"reopen", "external_apis"}).code == 0);
  s.node.wait_for_line("bulkhead_reopened");
  auto timed = s.run({"isolate", "external_apis", "--for=10m"});
  CHECK_THAT(timed.line(), Contains("none -> all, until 20"));
  CHECK(s.run({"undo", "4"}).code == 0);
  auto history = s.run({"history"});
  CHECK(history.lines.size() == 6);
  CHECK(history.shows("undone"));
}

TEST_CASE("an operator changes limits and replicas", "[admin]") {
  steered_process s;
  auto fields = s.run({"get"});
  CHECK(fields.code == 0);
  CHECK(fields.shows("bulkhead.external_apis.capacity"));
  CHECK(
    s.run({"set", "bulkhead.external_apis.capacity=30", "log.level=warn"}).code
    == 0);
  CHECK(s.run({"get"}).shows("warn"));
  auto refused = s.run({"set", "bulkhead.external_apis.capacity=0"});
  CHECK(refused.code == 1);
  CHECK(refused.line()
        == "bulwark: bulkhead.external_apis.capacity is \"0\"; it must be a "
           "whole number above reserved_for_critical");
  CHECK(s.run({"scale", "orders", "3"}).code == 0);
  CHECK(s.run({"tree"}).shows("orders#3"));
  CHECK(s.run({"restart", "orders#1"}).code == 0);
  auto tree = s.json_of({"tree"});
  CHECK(tree.at("children").at(0).at("children").at(0).at("incarnation") == 2);
  CHECK(s.run({"set", "breaker.orders.state=forced_open", "--for=5m"}).code
        == 0);
}

TEST_CASE("an operator looks at a node and has it leave", "[admin]") {
  steered_process s;
  CHECK(s.run({"status"}).line() == "node alpha: serving, journal working");
  CHECK(s.run({"members"}).shows("alpha"));
  CHECK(s.json_of({"top"}).at("bulkheads").at(0).at("bulkhead")
        == "external_apis");
  CHECK(s.plain({"tree", "--admin=" + s.address}).code == 0);
  auto unknown = s.plain({"leave", "--admin=" + s.address});
  CHECK(unknown.code == 1);
  CHECK_THAT(unknown.line(), Contains("alpha.admin"));
  CHECK(s.run({"leave", "--reason=new kernel"}).code == 0);
  CHECK(s.node.wait_exit() == 0);
  CHECK(s.run({"tree"}).code == 2);
  // What was done is in the journal.
  test::process events{test::program("BULWARK"),
                       {"events", "--data=" + s.folder.path().string()}};
  CHECK_THAT(events.wait_for_line("change_applied"), Contains("what=leave"));
}

TEST_CASE("an operator reads events as they come", "[admin]") {
  steered_process s;
  test::process events{test::program("BULWARK"),
                       {"events", "--follow", "--admin=" + s.address}};
  // It tells what comes after it is connected, which nothing shows.
  for (auto end = std::chrono::steady_clock::now() + test::process::patience;
       ;) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    CHECK(s.run({"set", "log.level=info"}).code == 0);
    try {
      events.wait_for_line("change_applied", std::chrono::milliseconds{300});
      break;
    } catch (const test::process_error&) {
      // Not connected yet.
    }
  }
}

TEST_CASE("which node is meant has to be said", "[admin]") {
  test::temp_folder empty;
  auto none = steered_process::plain({"tree"});
  CHECK(none.code == 1);
  CHECK_THAT(none.line(), StartsWith("bulwark: which node?"));
  auto nobody =
    steered_process::plain({"tree", "--data=" + empty.path().string()});
  CHECK(nobody.code == 1);
  CHECK_THAT(nobody.line(), Contains("it holds no NAME.admin"));
  CHECK(steered_process::plain({"tree", "--admin=127.0.0.1:1"}).code == 2);
  CHECK(steered_process::plain({"undo", "x", "--admin=127.0.0.1:1"}).code == 1);
  CHECK(steered_process::plain({"set", "x", "--admin=127.0.0.1:1"}).code == 1);
  CHECK(steered_process::plain({"isolate", "--admin=127.0.0.1:1"}).code == 1);
}
