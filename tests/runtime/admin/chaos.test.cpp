// The program `bulwark` runs experiments over nodes that are other processes.

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>

using Catch::Contains;
using nlohmann::json;

namespace {

/// A node of its own folder, and experiments over it.
struct practised_node {
  test::temp_folder folder;
  test::process node;

  explicit practised_node(std::vector<std::string> more = {"--chaos"})
    : node(test::program("STEERED_NODE"), arguments(std::move(more))) {
    node.wait_for_line("node_started");
  }

  std::vector<std::string> arguments(std::vector<std::string> more) const {
    more.insert(more.end(), {"--name=alpha", "--admin=127.0.0.1:0",
                             "--drain=0s", "--data=" + data()});
    return more;
  }

  std::string data() const { return folder.path().string(); }

  test::process begin(std::vector<std::string> words) const {
    words.insert(words.begin(), {"chaos", "--data=" + data()});
    return {test::program("BULWARK"), std::move(words)};
  }

  /// Returns exit code and output.
  std::pair<int, std::string> run(std::vector<std::string> words) const {
    auto program = begin(std::move(words));
    auto code = program.wait_exit();
    std::string said;
    for (const auto& line : program.lines())
      said += line + "\n";
    return {code, said};
  }
};

const std::vector<std::string> short_trial{
  "--name=trial", "--steady=known_components >= 1", "--duration=1s"};

std::vector<std::string> with_fault(const std::string& what,
                                    std::vector<std::string> more = {}) {
  more.insert(more.end(), short_trial.begin(), short_trial.end());
  more.push_back("--fault=" + what);
  return more;
}

} // namespace

TEST_CASE("a node that was started without --chaos practises nothing",
          "[processes]") {
  practised_node rig{{}};
  auto [code, said] = rig.run(with_fault("crash orders"));
  CHECK(code == 1);
  CHECK_THAT(said, Contains("started without --chaos"));
}

TEST_CASE("an experiment out of a file is run, told and reported",
          "[processes]") {
  practised_node rig;
  auto file = rig.folder.path() / "slow.experiment";
  std::ofstream{file} << "name = slow\nsteady = known_components >= 1\n"
                         "fault = slow orders delay=5ms\nduration = 1s\n";
  auto [code, said] = rig.run({file.string(), "--format=json"});
  CHECK(code == 0);
  auto told = json::parse(said);
  CHECK(told.at("verdict") == "held");
  CHECK(told.at("faults") == json{"slow orders delay=5ms"});
  auto lent = rig.node.wait_for_line("fault lent");
  CHECK_THAT(lent, Contains("experiment=slow"));
  CHECK_THAT(rig.node.wait_for_line("fault lifted"),
             Contains("slow orders delay=5ms"));
}

TEST_CASE("what is not as its author wrote ends with 3", "[processes]") {
  practised_node rig;
  auto [code, said] =
    rig.run(with_fault("slow orders delay=5ms", {"--protection=restart"}));
  CHECK(code == 3);
  CHECK_THAT(said, Contains("did not act restart"));
  auto not_well = rig.run(
    {"--name=trial", "--steady=known_components < 1", "--fault=crash orders"});
  CHECK(not_well.first == 3);
  CHECK_THAT(not_well.second, Contains("it was not well before"));
}

TEST_CASE("an experiment is refused where its fault has no place",
          "[processes]") {
  practised_node rig;
  for (const auto& [fault, why] :
       std::vector<std::pair<std::string, std::string>>{
         {"crash nothing", "service nothing does not run on this node"},
         {"cut beta", "no node is called beta"},
         {"kill alpha", "node alpha is the last one that is up"},
         {"disk_full beta", "no node of those that are known takes"}}) {
    auto [code, said] = rig.run(with_fault(fault));
    CAPTURE(fault);
    CHECK(code == 3);
    CHECK_THAT(said, Contains(why));
  }
  auto bad = rig.run({"--name=trial", "--fault=crash orders"});
  CHECK(bad.first == 1);
  CHECK_THAT(bad.second, Contains("number of steady conditions"));
}

TEST_CASE("SIGINT ends an experiment and its faults at once", "[processes]") {
  practised_node rig;
  auto program = rig.begin({"--name=trial", "--steady=known_components >= 1",
                            "--fault=hang orders", "--expect=aborted"});
  rig.node.wait_for_line("fault lent");
  program.signal(SIGINT);
  CHECK(program.wait_exit() == 0);
  rig.node.wait_for_line("fault lifted");
}

TEST_CASE("what strikes a service's messages is seen by who asks, and no more "
          "when it is over",
          "[processes]") {
  practised_node rig{{"--chaos", "--traffic"}};
  auto crashed = rig.run(with_fault(
    "crash orders rate=0.1", {"--protection=restart", "--replicas=0.5"}));
  CAPTURE(crashed.second);
  CHECK(crashed.first == 0);
  auto failed =
    rig.run(with_fault("error orders", {"--last_replica=true", "--replicas=1",
                                        "--protection=breaker"}));
  CAPTURE(failed.second);
  CHECK(failed.first == 0);
  rig.node.signal(SIGTERM);
  auto told = rig.node.wait_for_line("traffic values=");
  CHECK_FALSE(told.find(" errors=0") != std::string::npos);
  CHECK(rig.node.wait_exit() == 0);
}
