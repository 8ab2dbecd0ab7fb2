// Question: what do the other compartments notice when one is flooded with ten
// times what it holds, by handlers that block their threads or spin? One node
// with the storefront's compartments, see shop.hpp. Services in three of them
// get requests at a steady rate, well below what they could do, and then one
// of them is asked again and again; first while the fourth compartment is
// quiet, then while 150 clients want its 15 permits: of handlers that sleep
// for 30 s, that hang in PostgreSQL, that spin for ever; and, to know how much
// the figures mean on this machine, of nobody. All of it by actors, and over
// HTTP.
//
//   bench_containment [--rounds N] [--milliseconds N] [--rate N]
//                     [--flood 1|2|3|4|5] [--polls N]
//
// A 99th percentile is what other programs on the machine make of it as soon as
// they want processors. So there are more turns until there are enough in which
// they took less than a twentieth, three times as many at most, and the least
// disturbed ones count.
//
// Medians over these of the ratios of rate and 99th percentile, flooded to
// quiet, and of these percentiles themselves in microseconds; per turn how
// many requests the flood made, and how many of them the compartment turned
// away; how many processors the process kept busy and how often its threads
// waited, clients included; and how much of the processors went to others. Each
// with the least and the most of any turn, `_min` and `_max`: a median that
// lies within the range of `none` says nothing.
//
// `--polls` is CAF's work-stealing.moderate-poll-attempts: how often a thread
// of the scheduler that has nothing to do looks for something every 50 us,
// before it sleeps until it is told. All threads do while anything is asked.

#include "containment/shop.hpp"
#include "support/arguments.hpp"
#include "support/disturbance.hpp"
#include "support/figures.hpp"
#include "support/postgres_server.hpp"
#include "support/process_use.hpp"

#include <bulwark/node/run.hpp>

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using bench::flood_kind;
using bench::way;

struct plan {
  int64_t rounds = 0;
  std::chrono::milliseconds time{};
  int64_t rate = 0;
  int64_t polls = 0;

  // 0: all of them.
  int64_t flood = 0;
};

/// What the neighbours got for a while.
struct score {
  double rate = 0;
  double p99 = 0;
  double closed = 0;

  /// What the whole process used meanwhile, clients and flood included.
  double processors = 0;
  double waits = 0;
};

/// The figures of one turn, by name.
using turn = std::map<std::string, double>;

class measurement {
public:
  measurement(bench::shop& shop, const plan& what, flood_kind kind, way by)
    : shop_(shop), plan_(what), kind_(kind), way_(by) {
    for (const auto& name : bench::shop::neighbours())
      neighbours_.push_back(shop.callers(name, by));
  }

  void run() {
    constexpr double disturbed = 0.05;
    ask();
    std::vector<turn> turns;
    int64_t good = 0;
    for (int64_t i = 0; i < 3 * plan_.rounds && good < plan_.rounds; ++i) {
      if (shop_.stopped())
        return;
      turns.push_back(take_turn());
      good += turns.back().at("others") < disturbed;
    }
    std::sort(turns.begin(), turns.end(), [](const turn& a, const turn& b) {
      return a.at("others") < b.at("others");
    });
    turns.resize(static_cast<size_t>(plan_.rounds));
    print(turns, "throughput_ratio", "ratio");
    print(turns, "p99_ratio", "ratio");
    print(turns, "closed_ratio", "ratio");
    print(turns, "p99_quiet", "us");
    print(turns, "p99", "us");
    print(turns, "processors_quiet", "busy");
    print(turns, "processors", "busy");
    print(turns, "waits_quiet", "waits/s");
    print(turns, "waits", "waits/s");
    print(turns, "others", "share");
    if (kind_ == flood_kind::none)
      return;
    print(turns, "asked", "requests");
    print(turns, "turned_away", "requests");
    print(turns, "calm", "yes");
  }

private:
  score ask() const {
    bench::process_use use;
    auto open = bench::open_loop(neighbours_, plan_.rate, plan_.time);
    auto processors = use.processors();
    auto waits = use.waits();
    return {open.rate(), bench::quantile(open.took, 0.99),
            bench::closed_loop(neighbours_.front(), plan_.time / 4), processors,
            waits};
  }

  score ask_flooded(bench::flood& clients, turn& result) {
    if (kind_ == flood_kind::none)
      return ask();
    auto before = shop_.stats().usage;
    shop_.hang(kind_);
    clients.start();
    auto got = ask();
    auto after = shop_.stats().usage;
    clients.stop();
    result["asked"] = static_cast<double>(clients.asked());
    result["turned_away"] = static_cast<double>(
      after.refusals + after.timeouts - before.refusals - before.timeouts);
    result["calm"] = shop_.let_go();
    return got;
  }

  turn take_turn() {
    turn result;
    auto kind = kind_ == flood_kind::none ? flood_kind::sleep : kind_;
    bench::flood clients{shop_.callers(bench::shop::flooded(kind), way_),
                         10 * bench::shop::permits};
    bench::disturbance others;
    auto quiet = ask();
    auto flooded = ask_flooded(clients, result);
    result["others"] = others.share();
    result["throughput_ratio"] = flooded.rate / quiet.rate;
    result["p99_ratio"] = flooded.p99 / quiet.p99;
    result["closed_ratio"] = flooded.closed / quiet.closed;
    result["p99_quiet"] = quiet.p99;
    result["p99"] = flooded.p99;
    result["processors_quiet"] = quiet.processors;
    result["processors"] = flooded.processors;
    result["waits_quiet"] = quiet.waits;
    result["waits"] = flooded.waits;
    return result;
  }

  void print(const std::vector<turn>& turns, const std::string& name,
             const std::string& unit) const {
    std::vector<double> values;
    for (const auto& each : turns)
      values.push_back(each.at(name));
    auto full =
      "containment_" + to_string(kind_) + "_" + to_string(way_) + "_" + name;
    auto [least, most] = std::minmax_element(values.begin(), values.end());
    bench::print_figure(full, bench::median(values), unit);
    bench::print_figure(full + "_min", *least, unit);
    bench::print_figure(full + "_max", *most, unit);
  }

  bench::shop& shop_;
  const plan& plan_;
  flood_kind kind_;
  way way_;
  std::vector<bench::caller_factory> neighbours_;
};

void measure(bench::shop& shop, const plan& what) {
  for (auto kind : {flood_kind::none, flood_kind::sleep, flood_kind::database,
                    flood_kind::spin})
    if (what.flood == 0 || what.flood == static_cast<int64_t>(kind) + 1)
      for (auto by : {way::actors, way::http})
        measurement{shop, what, kind, by}.run();
}

int run(const plan& what) {
  test::postgres_server server;
  bench::locked_table table{server.address()};
  auto polls =
    "--caf.work-stealing.moderate-poll-attempts=" + std::to_string(what.polls);
  std::array<const char*, 5> options{"bench_containment", "--log-level", "crit",
                                     "--drain=0s", polls.c_str()};
  std::thread measuring;
  std::optional<bench::shop> shop;
  auto code =
    bulwark::run(static_cast<int>(options.size()),
                 const_cast<char**>(options.data()), [&](bulwark::node& node) {
                   shop.emplace(node, table);
                   node.on_start([&] {
                     measuring = std::thread{[&] {
                       measure(*shop, what);
                       node.stop();
                     }};
                   });
                   node.on_stop([&] {
                     measuring.join();
                     shop.reset();
                   });
                 });
  return code;
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_containment"};
  auto& rounds = given.add("rounds", 7, "turns of each, quiet and flooded");
  auto& length = given.add("milliseconds", 4000, "of each half of a turn");
  auto& rate = given.add("rate", 100, "requests per second to each service");
  auto& flood = given.add(
    "flood", 5, "1: nobody, 2: sleep, 3: database, 4: spin, 5: all of them");
  auto& polls = given.add("polls", 500, "looks for work before it sleeps");
  if (auto code = given.read(argc, argv))
    return *code;
  setenv("POSTGRES_BIN", BENCH_POSTGRES_BIN, 0);
  return run(
    {rounds, std::chrono::milliseconds{length}, rate, polls, flood % 5});
}
