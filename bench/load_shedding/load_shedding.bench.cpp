// Question: what is left of the rate of critical work while background and
// normal work want four times the processors that there are? One node with
// three compartments and a service in each. The critical one is asked by one
// client, again and again: first alone, then while the other two get more
// requests than anybody could serve, at a rate that does not depend on their
// answers; from the first of them on, so with closing and trying to reopen.
//
//   bench_load_shedding [--rounds N] [--seconds N] [--reopen MS]
//   [--load_shedding 2]
//
// Medians over the turns. With `--load_shedding 2` the node does not flood.

#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/node/node.hpp>
#include <bulwark/node/run.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

void burn(std::chrono::microseconds time) {
  auto end = steady::now() + time;
  while (steady::now() < end) {
  }
}

caf::behavior worker(caf::event_based_actor*, int64_t microseconds) {
  return {[=](int64_t x) {
    burn(std::chrono::microseconds{microseconds});
    return x;
  }};
}

/// Sends its share of requests every 10 ms, whatever becomes of them, until
/// it is told to stop by "stop".
caf::behavior flood(caf::event_based_actor* self, const caf::actor& to,
                    int64_t each_time) {
  self->delayed_send(self, 10ms, int64_t{0});
  return {
    [=](int64_t) {
      self->delayed_send(self, 10ms, int64_t{0});
      for (int64_t i = 0; i < each_time; ++i)
        self->request(to, caf::infinite, i)
          .then([](int64_t) {}, [](const caf::error&) {});
    },
    [=](const std::string&) { self->quit(); },
  };
}

/// How many were answered, and in how many seconds.
struct score {
  double answers = 0;
  double seconds = 0;

  double rate() const { return answers / seconds; }
};

/// Asks for so long, or until `enough`.
template <class Enough>
score ask(caf::scoped_actor& self, const caf::actor& to,
          std::chrono::seconds time, Enough enough) {
  score result;
  auto start = steady::now();
  auto end = start + time;
  while (steady::now() < end && !enough())
    self->request(to, caf::infinite, int64_t{1})
      .receive([&](int64_t) { ++result.answers; }, [](const caf::error&) {});
  std::chrono::duration<double> took = steady::now() - start;
  result.seconds = took.count();
  return result;
}

bool never() {
  return false;
}

/// Whether all but the critical compartment are closed.
bool closed(const bulwark::bulkhead_manager& all) {
  for (const auto* name : {"usual", "later"})
    if (all.stats(name)->isolation != bulwark::isolation::all)
      return false;
  return true;
}

/// Returns whether all is open and nothing is under way, within 2 min.
bool calm(const bulwark::bulkhead_manager& all) {
  for (int i = 0; i < 12'000; ++i) {
    auto quiet = true;
    for (const auto& each : all.stats())
      quiet = quiet && each.isolation == bulwark::isolation::none
              && each.current_usage == 0;
    if (quiet)
      return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

void measure(bulwark::node& node, int64_t rounds, std::chrono::seconds time,
             const std::string& suffix) {
  caf::scoped_actor self{node.system()};
  auto vital = node.gate("vital");
  auto all = node.bulkheads();
  auto each_time = 4 * int64_t{std::thread::hardware_concurrency()};
  ask(self, vital, 1s, never);
  std::map<std::string, std::vector<double>> figures;
  for (int64_t i = 0; i < rounds; ++i) {
    auto alone = ask(self, vital, time, never).rate();
    std::vector<caf::actor> floods;
    for (const auto* name : {"usual", "later"})
      floods.push_back(
        self->spawn<caf::detached>(flood, node.gate(name), each_time));
    auto open = ask(self, vital, time, [&] { return closed(all); });
    auto rest = ask(self, vital, time, never);
    for (const auto& each : floods)
      self->send(each, std::string{"stop"});
    score whole{open.answers + rest.answers, open.seconds + rest.seconds};
    figures["alone"].push_back(alone);
    figures["until_closed"].push_back(open.seconds);
    figures["ratio_from_closed"].push_back(rest.rate() / alone);
    figures["ratio"].push_back(whole.rate() / alone);
    figures["reopened"].push_back(calm(all));
  }
  auto print = [&](const std::string& name, const std::string& unit) {
    bench::print_figure("load_shedding_" + name + suffix,
                        bench::median(figures.at(name)), unit);
  };
  print("alone", "answers/s");
  print("until_closed", "s");
  print("ratio_from_closed", "ratio");
  print("ratio", "ratio");
  print("reopened", "yes");
}

void declare(bulwark::node& node, bool load_shedding, int64_t reopen) {
  using bulwark::call_priority;
  node.bulkhead("vital", {.importance = call_priority::critical});
  node.bulkhead("usual", {.capacity = 16});
  node.bulkhead("later",
                {.capacity = 16, .importance = call_priority::background});
  if (load_shedding)
    node.load_shedding({.close_after = 100ms,
                        .reopen_after = std::chrono::milliseconds{reopen},
                        .steady_after = std::chrono::milliseconds{reopen}});
  node.service("vital", worker, int64_t{1000}).bulkhead("vital");
  for (const auto* name : {"usual", "later"})
    node.service(name, worker, int64_t{5000}).replicas(16).bulkhead(name);
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_load_shedding"};
  auto& rounds = given.add("rounds", 5, "turns, alone and flooded each");
  auto& seconds = given.add("seconds", 20, "of each half of a turn");
  auto& reopen = given.add("reopen", 5000, "ms of calm before a door opens");
  auto& load_shedding = given.add("load_shedding", 1, "2: without");
  if (auto code = given.read(argc, argv))
    return *code;
  std::array<const char*, 4> options{"bench_load_shedding", "--log-level",
                                     "error", "--drain=0s"};
  std::thread measuring;
  auto code =
    bulwark::run(static_cast<int>(options.size()),
                 const_cast<char**>(options.data()), [&](bulwark::node& node) {
                   declare(node, load_shedding == 1, reopen);
                   node.on_start([&] {
                     measuring = std::thread{[&] {
                       measure(node, rounds, std::chrono::seconds{seconds},
                               load_shedding == 1 ? "" : "_off");
                       node.stop();
                     }};
                   });
                 });
  if (measuring.joinable())
    measuring.join();
  return code;
}
