// Each fault in an experiment of its own over the storefront: what protects is
// on, and all stays well; it is off, and it does not. All of them run beside
// each other, each at nodes of its own.

#include "support/process.hpp"
#include "temp_folder.hpp"

#include <bulwark/http/client.hpp>
#include <bulwark/options/host_port.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using nlohmann::json;
using storefront::test::temp_folder;

namespace {

using words = std::vector<std::string>;

const std::string catalog_probe =
  R"(--probe=catalog POST /api/product_catalog every=25ms timeout=2s )"
  R"({"action":"get","product_id":7})";

const std::string catalog_option = "--service.product_catalog.";

words joined(words a, const words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A node of the storefront that may be made to fail.
class chaos_node {
public:
  chaos_node(std::string name, const std::filesystem::path& folder,
             const words& more)
    : process_(test::program("STOREFRONT"),
               joined({"--name=" + name, "--data=" + folder.string(),
                       "--admin=127.0.0.1:0", "--http=127.0.0.1:0",
                       "--services=product_catalog", "--chaos", "--drain=0s"},
                      more)) {
    auto started = process_.wait_for_line("node_started");
    http_ = test::field_of(started, "http");
    admin_ = test::field_of(started, "admin");
    if (started.find("listen=") != std::string::npos)
      link_ = test::field_of(started, "listen");
  }

  json ask(const std::string& path) const {
    auto where = bulwark::parse_host_port(admin_).value();
    bulwark::http_client client{where.host, where.port};
    return json::parse(client.request("GET", path, "", 5s).body);
  }

  /// How often it was told that a fault was lent, and that one has ended.
  std::pair<size_t, size_t> faults_told() const {
    std::pair<size_t, size_t> result{0, 0};
    auto events = ask("/api/events?max=1000").at("events");
    for (const auto& each : events) {
      if (each.at("event") != "change_applied")
        continue;
      auto what = each.at("metadata").at("what").get<std::string>();
      ++(what == "fault lent" ? result.first : result.second);
    }
    return result;
  }

  const std::string& http() const { return http_; }
  const std::string& link() const { return link_; }
  test::process& process() { return process_; }

private:
  test::process process_;
  std::string http_;
  std::string admin_;
  std::string link_;
};

/// One experiment: nodes of its own, and the program that runs it.
struct trial {
  std::string name;
  std::string expected;
  words of_nodes;
  words of_experiment;
  size_t nodes = 1;
};

class running_trial {
public:
  explicit running_trial(const trial& what) : what_(what) {
    words probes;
    for (size_t i = 0; i < what.nodes; ++i) {
      words more = what.of_nodes;
      if (what.nodes > 1)
        more.push_back("--listen=127.0.0.1:0");
      if (i > 0)
        more.push_back("--join=" + nodes_.front()->link());
      nodes_.push_back(std::make_unique<chaos_node>(
        i == 0 ? "alpha" : "beta", folder_.path() / std::to_string(i), more));
    }
    if (what.nodes > 1)
      nodes_.front()->process().wait_for_line("node_joined");
    words arguments{
      "chaos", "--name=" + what.name, "--expect=" + what.expected,
      // To be broken takes the window of a probe, and 5 s more.
      what.expected == "broken" ? "--duration=14s" : "--duration=8s",
      "--recovery=12s", "--format=json", "--at=" + nodes_.front()->http()};
    for (size_t i = 0; i < what.nodes; ++i)
      arguments.push_back("--data="
                          + (folder_.path() / std::to_string(i)).string());
    program_ = std::make_unique<test::process>(
      test::program("BULWARK"), joined(arguments, what.of_experiment));
  }

  void judge() {
    auto code = program_->wait_exit(60s);
    std::string said;
    for (const auto& line : program_->lines())
      said += line + "\n";
    UNSCOPED_INFO(what_.name << " " << what_.expected << ": " << said);
    CHECK(code == 0);
    // The end of a node that was killed ends its faults, and nobody tells it.
    if (what_.name == "kill")
      return;
    auto [lent, ended] = nodes_.front()->faults_told();
    INFO(what_.name << " " << what_.expected);
    CHECK(lent == ended);
  }

private:
  trial what_;
  temp_folder folder_;
  std::vector<std::unique_ptr<chaos_node>> nodes_;
  std::unique_ptr<test::process> program_;
};

/// Runs them beside each other.
void run_all(const std::vector<trial>& all) {
  std::vector<std::unique_ptr<running_trial>> running;
  for (const auto& each : all)
    running.push_back(std::make_unique<running_trial>(each));
  for (auto& each : running)
    each->judge();
}

const std::string well = "--steady=catalog.ok_percent >= 80";

} // namespace

TEST_CASE("with its protection the storefront stays well, and without it does "
          "not",
          "[chaos]") {
  const words crash{catalog_probe, well, "--last_replica=true",
                    "--fault=crash product_catalog rate=0.05"};
  const words hang{catalog_probe, well, "--last_replica=true", "--replicas=1",
                   "--fault=hang product_catalog rate=0.05"};
  const words error{catalog_probe, well, "--fault=error product_catalog"};
  const words slow{catalog_probe, "--steady=catalog.p50_ms < 400",
                   "--last_replica=true",
                   "--fault=slow product_catalog delay=800ms"};
  const words flood{catalog_probe, "--steady=catalog.p99_ms < 1500",
                    "--fault=flood product_catalog per_second=400 delay=20ms"};
  const words two{catalog_option + "replicas=2",
                  catalog_option + "balance=round_robin"};
  const words often{catalog_option + "restart.initial=10ms",
                    catalog_option + "restart.intensity=1000",
                    "--supervisor.intensity=1000"};
  run_all({
    {"crash", "held", often, joined(crash, {"--protection=restart"})},
    {"crash",
     "not_recovered",
     {catalog_option + "restart.type=temporary"},
     crash},
    {"hang", "held",
     joined(joined(two, often), {catalog_option + "hung_after=200ms"}),
     joined(hang, {"--protection=hung"})},
    {"hang", "broken", two, hang},
    {"error", "held",
     joined(two, {catalog_option + "ejection.errors_in_row=3"}),
     joined(error, {"--protection=ejection"})},
    {"error", "broken", two, error},
    {"slow", "held", {catalog_option + "replicas=3"}, slow},
    {"slow", "broken", {}, slow},
    // What a bulkhead refuses is no event: the verdict alone tells.
    {"flood",
     "held",
     {"--bulkhead.standard_services.capacity=12",
      "--bulkhead.standard_services.queue=10"},
     flood},
    {"flood",
     "broken",
     {"--bulkhead.standard_services.capacity=100000"},
     flood},
  });
}

TEST_CASE("the storefront stays well while a journal, a link or a node fails",
          "[chaos]") {
  const std::string journal =
    R"(--steady=bulwark_journal_state{state="working"} >= 1)";
  const std::string peer =
    R"(--steady=bulwark_service_peers_up{service="product_catalog"} >= 1)";
  run_all({
    {"disk",
     "held",
     {},
     {catalog_probe, well, "--fault=disk_full alpha", "--protection=journal"}},
    {"disk", "broken", {}, {journal, "--fault=disk_full alpha"}},
    {"fsync",
     "held",
     {},
     {catalog_probe, well, "--fault=slow_fsync alpha delay=300ms"}},
    {"cut",
     "held",
     {},
     {catalog_probe, well, "--fault=cut beta", "--protection=peer_watch"},
     2},
    {"kill",
     "held",
     {},
     {catalog_probe, well, "--fault=kill beta", "--protection=peer_watch"},
     2},
    {"kill", "not_recovered", {}, {peer, "--fault=kill beta"}, 2},
  });
}

namespace {

/// Kills the runner of an experiment at some moment.
class forsaken_trial {
public:
  forsaken_trial(const std::string& fault, bulwark::duration after)
    : node_("alpha", folder_.path(), {}) {
    test::process runner{test::program("BULWARK"),
                         {"chaos", "--name=forsaken",
                          "--data=" + folder_.path().string(),
                          "--steady=known_components >= 1",
                          "--last_replica=true", "--fault=" + fault}};
    auto until = std::chrono::steady_clock::now() + after;
    while (std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    runner.signal(SIGKILL);
    runner.wait_exit();
    killed_ = std::chrono::steady_clock::now();
  }

  /// Returns whether nothing is lent any more, waiting for that.
  bool is_free() const {
    auto patience = 10s + 5s * TEST_SHARE;
    do {
      auto [lent, ended] = node_.faults_told();
      if (lent == ended && std::chrono::steady_clock::now() > killed_ + 10s)
        return true;
    } while (std::chrono::steady_clock::now() < killed_ + patience);
    return false;
  }

  int status_of_catalog() const {
    auto where = bulwark::parse_host_port(node_.http()).value();
    bulwark::http_client client{where.host, where.port};
    return client
      .request("POST", "/api/product_catalog",
               R"({"action":"get","product_id":7})", 10s)
      .status;
  }

private:
  temp_folder folder_;
  chaos_node node_;
  std::chrono::steady_clock::time_point killed_;
};

} // namespace

TEST_CASE("whenever its runner is killed, no fault is left after its lease",
          "[chaos]") {
  std::vector<std::unique_ptr<forsaken_trial>> all;
  auto after = 20ms;
  for (const auto* fault : {"crash product_catalog", "hang product_catalog",
                            "refuse product_catalog",
                            "flood product_catalog per_second=100 delay=5ms",
                            "error product_catalog", "disk_full alpha"}) {
    all.push_back(std::make_unique<forsaken_trial>(fault, after));
    after *= 2;
  }
  for (const auto& each : all) {
    REQUIRE(each->is_free());
    for (int i = 0; i < 20; ++i)
      CHECK(each->status_of_catalog() == 200);
  }
}
