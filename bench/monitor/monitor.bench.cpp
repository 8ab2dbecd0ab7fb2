// Question: what does an emitter pay for an event, beside a bare send of the
// same event to an actor that throws it away; how fast does the monitor take
// events; and how long does `bulwark report` take over a large journal, beside
// SQLite that merely reads its rows?
//
//   bench_monitor [--rounds N] [--bursts N] [--read N]
//
// Events are emitted in bursts that all find a place among those that wait;
// then all are handled before the next. Both sides run in turn.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/journal/journal.hpp>
#include <bulwark/program/detail/commands.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace bench {

/// To an actor that throws it away.
struct bare_event {
  bulwark::event what;
};

} // namespace bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::bare_event)

namespace {

using namespace bulwark;
using steady = std::chrono::steady_clock;
using events = std::vector<event>;

/// All of a burst find a place: one eighth stays free.
constexpr size_t burst_size = 7'000;

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

event make_event(uint64_t number) {
  event what;
  what.kind =
    number % 2 == 0 ? event_kind::child_failed : event_kind::child_restarted;
  what.level = severity::low;
  what.component = "/root/orders/orders#" + std::to_string(number % 64);
  what.incarnation = number / 64;
  what.reason = "std::runtime_error: connection 17 was reset by its peer";
  what.with("restart_in", "100ms");
  return what;
}

std::vector<events> make_burst(size_t emitters) {
  std::vector<events> result(emitters);
  for (size_t i = 0; i < burst_size; ++i)
    result[i % emitters].push_back(make_event(i));
  return result;
}

struct times {
  double sent = 0;
  double handled = 0;
};

/// Each of the emitters sends its events by `send`, at the same time; `drain`
/// returns once all are handled.
times run_burst(size_t emitters, const std::function<void(event)>& send,
                const std::function<void()>& drain) {
  auto burst = make_burst(emitters);
  std::atomic<bool> go{false};
  std::vector<std::thread> crowd;
  auto send_all = [&](events& mine) {
    for (auto& each : mine)
      send(std::move(each));
  };
  for (size_t i = 1; i < emitters; ++i)
    crowd.emplace_back([&, i] {
      while (!go)
        std::this_thread::yield();
      send_all(burst[i]);
    });
  auto start = steady::now();
  go = true;
  send_all(burst[0]);
  for (auto& each : crowd)
    each.join();
  times result;
  result.sent = seconds_since(start);
  drain();
  result.handled = seconds_since(start);
  return result;
}

caf::behavior sink() {
  return {[](const bench::bare_event&) {},
          [](event_counts_request) { return event_counts{}; }};
}

class stage {
public:
  stage() {
    monitor_options options;
    options.node = "alpha";
    options.objectives = {};
    options.now = [] {
      return std::chrono::floor<wall_time::duration>(
        std::chrono::system_clock::now());
    };
    monitor_ = spawn_monitor(system_, std::move(options));
    bare_ = system_.spawn(sink);
  }

  ~stage() {
    stop(monitor_.handle);
    caf::anon_send_exit(bare_, caf::exit_reason::kill);
  }

  times emit(size_t emitters) {
    return run_burst(
      emitters, [this](event what) { monitor_.events.emit(std::move(what)); },
      [this] { drain(monitor_.handle); });
  }

  times send(size_t emitters) {
    return run_burst(
      emitters,
      [this](event what) {
        caf::anon_send(bare_, bench::bare_event{std::move(what)});
      },
      [this] { drain(bare_); });
  }

private:
  void drain(const caf::actor& who) {
    caf::scoped_actor self{system_};
    uint64_t dropped = 0;
    self->request(who, caf::infinite, event_counts_request{})
      .receive([&](const event_counts& x) { dropped = x.dropped; },
               [](const caf::error&) {});
    if (dropped > 0)
      throw std::runtime_error{"events were dropped"};
  }

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  running_monitor monitor_;
  caf::actor bare_;
};

void compare(size_t emitters, int64_t rounds, int64_t bursts) {
  std::vector<double> emitted;
  std::vector<double> handled;
  std::vector<double> rates;
  for (int64_t round = 0; round < rounds; ++round) {
    stage here;
    times ours;
    times bare;
    for (int64_t i = 0; i < bursts; ++i) {
      auto add = [](times& to, const times& more) {
        to.sent += more.sent;
        to.handled += more.handled;
      };
      add(ours, here.emit(emitters));
      add(bare, here.send(emitters));
    }
    emitted.push_back(bare.sent / ours.sent);
    handled.push_back(bare.handled / ours.handled);
    rates.push_back(static_cast<double>(burst_size)
                    * static_cast<double>(bursts) / ours.handled);
  }
  auto of = "_emitters" + std::to_string(emitters);
  bench::print_figure("monitor_emit_ratio" + of, bench::median(emitted),
                      "ratio");
  bench::print_figure("monitor_handle_ratio" + of, bench::median(handled),
                      "ratio");
  bench::print_figure("monitor_rate" + of, bench::median(rates), "events/s");
}

/// Outages of a minute, one after another, over ten days.
void write_journal(const std::filesystem::path& file, uint64_t count) {
  journal store{{.path = file, .node = "alpha"}};
  auto step = duration{std::chrono::hours{240}} / static_cast<int64_t>(count);
  auto began =
    std::chrono::floor<wall_time::duration>(std::chrono::system_clock::now())
    - std::chrono::hours{240};
  for (uint64_t i = 1; i <= count; ++i) {
    auto what = make_event(i);
    what.node = "alpha";
    what.boot = 1;
    what.sequence = i;
    what.booted = began;
    what.uptime = step * static_cast<int64_t>(i);
    what.at = ledger_time(what);
    store.append(std::move(what));
    if (i % 5'000 != 0 && i != count)
      continue;
    while (store.positions().empty() || store.positions().front().upto < i)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  store.close();
}

double read_rows(const std::filesystem::path& file, uint64_t count) {
  auto start = steady::now();
  detail::sqlite_handle from{file, SQLITE_OPEN_READWRITE, ""};
  auto rows = from.prepare("select * from events");
  uint64_t found = 0;
  size_t bytes = 0;
  for (; rows.step(); ++found)
    for (int column = 0; column < 15; ++column)
      bytes += rows.text(column).size();
  if (found != count || bytes == 0)
    throw std::runtime_error{"some events are missing"};
  return seconds_since(start);
}

double report_all(const std::filesystem::path& folder) {
  std::ostringstream text;
  auto* before = std::cout.rdbuf(text.rdbuf());
  auto start = steady::now();
  auto code = program::report({"--data", folder.string()});
  auto took = seconds_since(start);
  std::cout.rdbuf(before);
  if (code != 0 || text.str().empty())
    throw std::runtime_error{"no report"};
  return took;
}

void report(int64_t rounds, uint64_t count) {
  test::temp_folder folder;
  auto file = folder.path() / "alpha.journal";
  write_journal(file, count);
  std::vector<double> ratios;
  std::vector<double> took;
  for (int64_t round = 0; round < rounds; ++round) {
    auto rows = read_rows(file, count);
    took.push_back(report_all(folder.path()));
    ratios.push_back(took.back() / rows);
  }
  bench::print_figure("monitor_report_ratio", bench::median(ratios), "ratio");
  bench::print_figure("monitor_report", 1'000 * bench::median(took), "ms");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_monitor"};
  auto& rounds = given.add("rounds", 11, "turns; the median counts");
  auto& bursts = given.add("bursts", 20, "bursts of 7,000 events per turn");
  auto& reads = given.add("read", 1'000'000, "events in the journal read");
  if (auto code = given.read(argc, argv))
    return *code;
  for (size_t emitters : {size_t{1}, size_t{8}})
    compare(emitters, rounds, bursts);
  report(std::min<int64_t>(rounds, 5), static_cast<uint64_t>(reads));
}
