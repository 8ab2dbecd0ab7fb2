// Three processes tell of events while a seeded hand kills them with SIGKILL,
// cuts the wires between them and mends both. LEDGER_SEED says how.

#include "runtime/cluster/link_relay.hpp"
#include "support/dice.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/events/event_position.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr uint64_t events_each = 10'000 / TEST_SHARE;
constexpr int acts = 20;

// Lines of progress, of 100 events each, between two acts.
constexpr int progress = 5;
constexpr auto quiet_within = 40s * TEST_SHARE;
constexpr std::array names{"alpha", "beta", "gamma"};

using origin = std::pair<std::string, uint64_t>;
using positions = std::map<origin, uint64_t>;
using identity = std::tuple<std::string, uint64_t, uint64_t>;

/// One of the three: its wire, its folder and, while it lives, its process.
class member {
public:
  member(std::string name, std::vector<uint16_t> all)
    : name_(std::move(name)), all_(std::move(all)) {}

  test::link_relay wire;

  std::string folder() const { return folder_.path().string(); }

  std::filesystem::path journal() const {
    return folder_.path() / (name_ + ".journal");
  }

  void know(std::vector<uint16_t> all) { all_ = std::move(all); }

  /// Tells of as many events as lack in its journal.
  void start() {
    auto there = own_reports();
    auto lack = events_each - std::min(events_each, there);
    auto loopback = [](uint16_t port) {
      return "127.0.0.1:" + std::to_string(port);
    };
    std::vector<std::string> arguments{"--name=" + name_, "--data=" + folder(),
                                       "--listen=127.0.0.1:0",
                                       "--advertise=" + loopback(wire.port()),
                                       "--events=" + std::to_string(lack)};
    for (auto port : all_)
      if (port != wire.port())
        arguments.push_back("--join=" + loopback(port));
    done_ = lack == 0;
    process_ = std::make_unique<test::process>(test::program("LEDGER_NODE"),
                                               std::move(arguments));
    auto line = process_->wait_for_line("node_started");
    auto listen = test::field_of(line, "listen");
    wire.lead_to(
      static_cast<uint16_t>(std::stoul(listen.substr(listen.rfind(':') + 1))));
  }

  /// Waits until it has told of some more, unless it is done.
  void await_progress() {
    if (!done_)
      done_ =
        process_->wait_for_line("emitted=").find(" done") != std::string::npos;
  }

  void await_done() {
    while (!done_)
      await_progress();
  }

  void signal(int number) { process_->signal(number); }

  void kill() {
    signal(SIGKILL);
    CHECK(process_->wait_exit() == 128 + SIGKILL);
    process_ = nullptr;
  }

  positions known() const {
    positions result;
    for (const auto& at : journal_reader{journal()}.positions())
      if (at.upto > 0)
        result[{at.node, at.boot}] = at.upto;
    return result;
  }

  /// How many failures and recoveries of its own are in its journal.
  uint64_t own_reports() const {
    if (!std::filesystem::exists(journal()))
      return 0;
    uint64_t result = 0;
    journal_reader reader{journal()};
    auto cursor = reader.follow();
    for (auto found = cursor.next(); !found.empty(); found = cursor.next())
      for (const auto& each : found)
        result += each.node == name_ && each.component.starts_with("disk/");
    return result;
  }

private:
  std::string name_;
  std::vector<uint16_t> all_;
  test::temp_folder folder_;
  std::unique_ptr<test::process> process_;
  bool done_ = false;
};

class trio {
public:
  trio() {
    std::vector<uint16_t> ports;
    for (const auto* name : names) {
      members_.push_back(
        std::make_unique<member>(name, std::vector<uint16_t>{}));
      ports.push_back(members_.back()->wire.port());
    }
    for (auto& each : members_) {
      each->know(ports);
      each->start();
    }
  }

  const std::vector<std::unique_ptr<member>>& all() const { return members_; }

  void disturb(test::dice& chance) {
    auto& who = *members_[chance.below(members_.size())];
    if (chance.roll(1, 3)) {
      who.kill();
      members_[chance.below(members_.size())]->wire.heal();
      who.start();
    } else if (chance.roll(1, 2))
      who.wire.cut();
    else
      who.wire.heal();
    auto& other = *members_[chance.below(members_.size())];
    for (int i = 0; i < progress; ++i)
      other.await_progress();
  }

  /// Returns once all journals are known to be at the same positions.
  void await_quiet() {
    for (auto& each : members_) {
      each->wire.heal();
      each->await_done();
    }
    auto end = std::chrono::steady_clock::now() + quiet_within;
    while (!agree()) {
      if (std::chrono::steady_clock::now() > end)
        FAIL("the journals do not come to the same:" << difference());
      std::this_thread::yield();
    }
  }

  /// Whether all that was to be told is on disk where it was told.
  bool complete() const {
    return std::all_of(members_.begin(), members_.end(), [](const auto& each) {
      return each->own_reports() >= events_each;
    });
  }

  bool agree() const {
    auto first = members_.front()->known();
    return std::all_of(members_.begin() + 1, members_.end(),
                       [&](auto& each) { return each->known() == first; });
  }

private:
  std::string difference() const {
    std::string result;
    for (const auto& each : members_) {
      result += "\n" + each->folder() + ":";
      for (const auto& [at, upto] : each->known())
        result += " " + at.first + "/" + std::to_string(at.second) + ":"
                  + std::to_string(upto);
    }
    return result;
  }

  std::vector<std::unique_ptr<member>> members_;
};

std::string report(const std::vector<std::string>& folders,
                   const std::string& at) {
  std::vector<std::string> arguments{"report", "--format=json", "--at=" + at,
                                     "--data"};
  arguments.insert(arguments.end(), folders.begin(), folders.end());
  test::process program{test::program("BULWARK"), std::move(arguments)};
  CHECK(program.wait_exit() == 0);
  REQUIRE(program.lines().size() == 1);
  return program.lines().front();
}

/// Returns the rows of a journal, each of which is there once.
std::map<identity, event> rows_of(const member& whose) {
  std::map<identity, event> result;
  journal_reader reader{whose.journal()};
  auto cursor = reader.follow();
  for (auto found = cursor.next(); !found.empty(); found = cursor.next())
    for (auto& each : found) {
      identity name{each.node, each.boot, each.sequence};
      if (!result.emplace(name, std::move(each)).second)
        FAIL("a row is there twice");
    }
  return result;
}

/// Kills all while they are at the same positions. They stand still before, so
/// that none tells that another one was lost.
void end_quietly(trio& cluster) {
  auto signal = [&](int number) {
    for (const auto& each : cluster.all())
      each->signal(number);
  };
  for (int tries = 1;; ++tries) {
    cluster.await_quiet();
    signal(SIGSTOP);
    auto agreed = cluster.agree();
    for (const auto& each : cluster.all())
      each->kill();
    // What one had in hand is seen in its file only now, and so is whether its
    // last events were on disk yet when it was killed.
    if (agreed && cluster.agree() && cluster.complete())
      return;
    REQUIRE(tries < 10);
    for (const auto& each : cluster.all())
      each->start();
  }
}

void check_count(const std::map<identity, event>& rows,
                 const nlohmann::json& told) {
  std::map<std::string, uint64_t> failures;
  std::map<std::string, uint64_t> each_node;
  for (const auto& [name, what] : rows)
    if (what.component.starts_with("disk/")) {
      ++each_node[what.node];
      failures[what.node + ":" + what.component] +=
        what.kind == event_kind::failure_reported;
    }
  for (const auto* name : names)
    CHECK(each_node[name] >= events_each);
  for (const auto& [id, count] : failures) {
    CAPTURE(id);
    CHECK(told.at("component_analysis").at(id).at("failure_count") == count);
  }
}

} // namespace

TEST_CASE("three nodes that are killed and cut off come to the same ledger",
          "[cluster][processes]") {
  const auto* given = std::getenv("LEDGER_SEED");
  auto seed = given ? std::strtoull(given, nullptr, 10) : 20261129;
  std::cout << "LEDGER_SEED=" << seed << std::endl;
  CAPTURE(seed);
  test::dice chance{seed};
  trio cluster;
  for (int act = 0; act < acts; ++act)
    cluster.disturb(chance);
  end_quietly(cluster);

  auto now = std::chrono::duration_cast<std::chrono::seconds>(
    std::chrono::system_clock::now().time_since_epoch());
  auto at = std::to_string(now.count() + 1);
  std::vector<std::string> folders;
  for (const auto& each : cluster.all())
    folders.push_back(each->folder());
  auto whole = report(folders, at);
  auto rows = rows_of(*cluster.all().front());
  for (const auto& each : cluster.all()) {
    CHECK(report({each->folder()}, at) == whole);
    auto others = rows_of(*each);
    CHECK(std::equal(rows.begin(), rows.end(), others.begin(), others.end(),
                     [](auto& a, auto& b) { return a.first == b.first; }));
  }
  check_count(rows, nlohmann::json::parse(whole));
}
