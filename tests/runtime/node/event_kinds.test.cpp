// Each kind of event is caused in nodes that run, and found in a log, in a
// journal and, if the ledger counts it, in the report.

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/events/event_words.hpp>
#include <bulwark/journal/journal.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/ledger/ledger.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using kind = event_kind;

/// What causes it.
enum class scene : uint8_t {
  // The program of event_kinds_program.cpp, alone.
  one_node,

  // A neighbour joins it, dies, comes back and leaves.
  neighbour,

  // A node that finds a damaged journal and that nobody answers, one with a
  // name that is taken, and one that is alone, with a role and without a
  // service that it depends on.
  strange_start,

  // Told by the log itself, in the log alone.
  full_log,
};

/// Without a default, so that a kind without a scene does not compile.
constexpr scene scene_of(kind which) {
  switch (which) {
  case kind::child_started:
  case kind::child_failed:
  case kind::child_restarted:
  case kind::child_stopped:
  case kind::restart_scheduled:
  case kind::child_gave_up:
  case kind::child_abandoned:
  case kind::message_failed:
  case kind::intensity_exceeded:
  case kind::service_started:
  case kind::service_down:
  case kind::service_up:
  case kind::supervisor_failed:
  case kind::node_started:
  case kind::node_draining:
  case kind::node_stopped:
  case kind::clock_stepped:
  case kind::threshold_crossed:
  case kind::bulkhead_isolated:
  case kind::bulkhead_drained:
  case kind::bulkhead_reopened:
  case kind::bulkhead_resized:
  case kind::permits_reclaimed:
  case kind::lease_expired:
  case kind::quota_overrun:
  case kind::connection_lost:
  case kind::connection_restored:
  case kind::connection_leaked:
  case kind::task_stuck:
  case kind::worker_replaced:
  case kind::breaker_opened:
  case kind::breaker_half_opened:
  case kind::breaker_closed:
  case kind::replica_failed:
  case kind::load_redistributed:
  case kind::standby_promoted:
  case kind::failed_back:
  case kind::replica_ejected:
  case kind::replica_returned:
  case kind::group_panicked:
  case kind::group_exhausted:
  case kind::failure_reported:
  case kind::recovery_reported:
  case kind::role_unavailable:
  case kind::dead_letter:
  case kind::message_refused:
  case kind::events_dropped:
  case kind::journal_failed:
  case kind::journal_recovered:
  case kind::alert_raised:
  case kind::alert_resolved:
  case kind::alert_not_taken:
  case kind::warning_raised:
  case kind::warning_settled:
  case kind::change_applied:
    return scene::one_node;
  case kind::node_crashed:
  case kind::node_lost:
  case kind::node_joined:
  case kind::node_left:
    return scene::neighbour;
  case kind::service_unknown:
  case kind::join_failed:
  case kind::peer_refused:
  case kind::role_gained:
  case kind::role_lost:
  case kind::journal_noticed:
    return scene::strange_start;
  case kind::log_dropped:
    return scene::full_log;
  }
  return scene::one_node;
}

std::vector<kind> all_kinds() {
  std::vector<kind> result;
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i)
    result.push_back(static_cast<kind>(i));
  return result;
}

std::vector<event> events_of(const std::filesystem::path& path) {
  std::vector<event> result;
  journal_reader reader{path};
  auto cursor = reader.follow();
  for (auto found = cursor.next(); !found.empty(); found = cursor.next())
    result.insert(result.end(), found.begin(), found.end());
  return result;
}

/// Nodes with their logs and their journals.
class stage {
public:
  std::filesystem::path journal_of(const std::string& node) const {
    return folder_.path() / node / (node + ".journal");
  }

  std::string data_of(const std::string& name) const {
    return (folder_.path() / name).string();
  }

  std::unique_ptr<test::process> start(const char* variable,
                                       std::vector<std::string> arguments) {
    return std::make_unique<test::process>(test::program(variable),
                                           std::move(arguments));
  }

  void heard(const test::process& from) {
    for (const auto& line : from.lines())
      for (auto each : all_kinds())
        if (line.find(" " + to_string(each) + " component=")
            != std::string::npos)
          logged_.insert(each);
  }

  /// Waits until an event of that kind is in the journal of a node; of that
  /// component, if one is given.
  void await(const std::string& node, kind which,
             const std::string& component = "") {
    auto end = std::chrono::steady_clock::now() + 40s * TEST_SHARE;
    std::optional<journal_reader> reader;
    std::optional<journal_cursor> cursor;
    while (std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
      if (!reader) {
        reader.emplace(journal_of(node));
        cursor.emplace(reader->follow());
      }
      for (const auto& each : cursor->next())
        if (each.kind == which
            && (component.empty() || each.component == component))
          return;
    }
    FAIL("no " << to_string(which) << " in the journal of " << node);
  }

  const std::set<kind>& logged() const { return logged_; }

private:
  test::temp_folder folder_;
  std::set<kind> logged_;
};

void damage(const std::filesystem::path& path) {
  std::filesystem::create_directories(path.parent_path());
  {
    journal_options options;
    options.path = path;
    options.node = "gamma";
    journal store{options};
    for (uint64_t i = 1; i <= 1'000; ++i) {
      event what;
      what.node = "gamma";
      what.boot = 1;
      what.sequence = i;
      store.append(what);
    }
    store.close();
  }
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(5 * 4'096);
  file << std::string(8'192, '\xaa');
}

/// Runs all scenes beside each other.
void play(stage& on) {
  auto data = [&](const std::string& name) {
    return "--data=" + on.data_of(name);
  };
  auto alpha = on.start(
    "EVENT_KINDS", {"--name=alpha", data("alpha"), "--listen=127.0.0.1:0",
                    "--admin=127.0.0.1:0", "--alert=few=total_failures<1000",
                    "--alert-command=false", "--warning-sample=20ms"});
  auto address = test::field_of(alpha->wait_for_line("node_started"), "listen");
  auto operated = on.start("BULWARK", {"set", "log.level=info", data("alpha")});
  CHECK(operated->wait_exit() == 0);
  std::vector<std::string> as_beta{"--name=beta", data("beta"), "--drain=0s",
                                   "--listen=127.0.0.1:0", "--join=" + address};
  auto beta = on.start("ECHO_NODE", as_beta);
  beta->wait_for_line("node_joined");
  on.await("beta", kind::node_joined);
  beta->signal(SIGKILL);
  beta->wait_exit();
  on.heard(*beta);
  on.await("alpha", kind::node_lost);
  beta = on.start("ECHO_NODE", as_beta);
  beta->wait_for_line("node_joined");
  beta->signal(SIGTERM);
  CHECK(beta->wait_exit() == 0);
  on.heard(*beta);

  damage(on.journal_of("gamma"));
  for (const auto& arguments :
       {std::vector<std::string>{"--name=gamma", data("gamma"), "--drain=0s",
                                 "--join=127.0.0.1:1"},
        std::vector<std::string>{"--name=alpha", data("twin"), "--drain=0s",
                                 "--join=" + address}}) {
    auto each = on.start("ECHO_NODE", arguments);
    each->wait_for_line("join_failed");
    // The first dial may fail for another reason on a busy machine.
    if (arguments.front() == "--name=alpha")
      on.await("alpha", kind::peer_refused);
    each->signal(SIGTERM);
    CHECK(each->wait_exit() == 0);
    on.heard(*each);
  }

  auto delta =
    on.start("PROBE", {"--name=delta", data("delta"), "--mode=health"});
  delta->wait_for_line("service_unknown");
  delta->signal(SIGTERM);
  CHECK(delta->wait_exit() == 0);
  on.heard(*delta);

  on.await("alpha", kind::recovery_reported, "flood");
  alpha->wait_for_line("alert_resolved");
  alpha->signal(SIGTERM);
  alpha->wait_exit();
  on.heard(*alpha);
}

/// Returns which kinds of failures and recoveries the report counts.
std::set<kind> counted(const std::vector<event>& events) {
  ledger book;
  auto now = wall_time::min();
  for (const auto& each : events) {
    book.add(each);
    now = std::max(now, ledger_time(each));
  }
  std::map<std::string, component_report> told;
  auto report = book.report(now);
  for (const auto& each : report.components)
    told[each.id] = each;
  std::set<kind> result;
  for (const auto& each : events) {
    auto is = classify(each.kind);
    auto id = each.component.starts_with("node/")
                ? each.component
                : each.node + ":" + each.component;
    const auto& of = told[id];
    if ((is == event_class::failure && of.failures > 0)
        || (is == event_class::recovery && of.recoveries > 0))
      result.insert(each.kind);
  }
  return result;
}

} // namespace

TEST_CASE("each kind of event is caused, logged, journalled and counted",
          "[processes]") {
  stage on;
  play(on);
  std::set<kind> journalled;
  std::vector<event> all;
  for (const auto* node : {"alpha", "beta", "gamma", "delta"})
    for (auto& each : events_of(on.journal_of(node))) {
      journalled.insert(each.kind);
      all.push_back(std::move(each));
    }
  auto in_report = counted(all);
  for (auto each : all_kinds()) {
    CAPTURE(to_string(each));
    CHECK(on.logged().count(each) == 1);
    if (scene_of(each) != scene::full_log)
      CHECK(journalled.count(each) == 1);
    if (classify(each) != event_class::change)
      CHECK(in_report.count(each) == 1);
  }
}
