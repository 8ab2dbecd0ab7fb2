// Question: what does an emitter pay for an event, beside a bare send of the
// same event to an actor that throws it away; how fast does the monitor take
// events; what does a service lose to the journal while its neighbour crashes
// all the time; and how long does `bulwark report` take over a large journal,
// beside SQLite that merely reads its rows?
//
//   bench_monitor [--rounds N] [--bursts N] [--requests N] [--read N]
//
// Events are emitted in bursts that all find a place among those that wait;
// then all are handled before the next. Both sides run in turn. While a burst
// is sent, whoever takes the events is held: what sending costs is measured,
// not what the other processor does meanwhile. The figures with `_busy` are
// those without: the actor that throws all away is done at once, and leaves the
// caches to the sender.

#include "monitor/emission.hpp"
#include "monitor/failing_neighbour.hpp"
#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/journal/journal.hpp>
#include <bulwark/program/detail/commands.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace {

using namespace bulwark;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

/// Of services with the journal on to off, in turn.
void compare_gates(int64_t rounds, int64_t requests) {
  std::vector<double> ratios;
  bench::load with{.clients = 1, .window = 64, .requests = requests};
  for (int64_t round = 0; round < rounds; ++round) {
    test::temp_folder folder;
    auto off = bench::rate_beside_failures(nullptr, with);
    auto on = bench::rate_beside_failures(
      std::make_shared<journal>(journal_options{
        .path = folder.path() / "alpha.journal", .node = "alpha"}),
      with);
    ratios.push_back(on / off);
  }
  bench::print_figure("monitor_gate_ratio_journal", bench::median(ratios),
                      "ratio");
}

/// Outages of a minute, one after another, over ten days.
void write_journal(const std::filesystem::path& file, uint64_t count) {
  journal store{{.path = file, .node = "alpha"}};
  auto step = duration{std::chrono::hours{240}} / static_cast<int64_t>(count);
  auto began =
    std::chrono::floor<wall_time::duration>(std::chrono::system_clock::now())
    - std::chrono::hours{240};
  for (uint64_t i = 1; i <= count; ++i) {
    auto what = bench::make_event(i);
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
  auto& requests =
    given.add("requests", 1'000'000, "beside failures, per turn");
  auto& reads = given.add("read", 1'000'000, "events in the journal read");
  if (auto code = given.read(argc, argv))
    return *code;
  for (size_t emitters : {size_t{1}, size_t{8}})
    bench::compare_emission(emitters, rounds, bursts);
  compare_gates(rounds, requests);
  report(std::min<int64_t>(rounds, 5), static_cast<uint64_t>(reads));
}
