// Question: what does a loaded node lose to warnings and to the samples of its
// bulkheads? A node with twenty services in as many bulkheads, of which one is
// asked by four clients with 16 requests each: with both, taken a hundred times
// as often as by default, and with neither.
//
//   bench_warning [--rounds N] [--requests N] [--sample MS]
//
// Both sides in turn, each time with a node of its own; the figures are medians
// over the turns.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"

#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/node.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

constexpr int services = 20;

/// Returns how many requests a fresh node answers per second.
double rate_of_node(bool watched, std::chrono::milliseconds sample,
                    int64_t requests) {
  bulwark::given_options given;
  given.node.level = bulwark::log_level::error;
  given.node.warnings = watched;
  given.node.warning_sample = sample;
  given.node.bulkhead_monitoring = watched;
  given.node.bulkhead_sample = sample;
  bulwark::detail::node_core core{std::move(given), [] {}};
  bulwark::node node{core};
  for (int i = 0; i < services; ++i) {
    auto name = "service" + std::to_string(i);
    node.bulkhead(name, {.capacity = 1000});
    node.service(name, bench::echo).bulkhead(name);
  }
  core.start();
  auto to = node.gate("service0");
  bench::rate(node.system(), to, {4, 16, requests / 10 + 1});
  auto result = bench::rate(node.system(), to, {4, 16, requests});
  to = nullptr;
  core.stop();
  return result;
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_warning"};
  auto& rounds = given.add("rounds", 21, "turns; the medians are over these");
  auto& requests = given.add("requests", 500'000, "per turn and side");
  auto& sample = given.add("sample", 100, "how often figures are taken, in ms");
  if (auto code = given.read(argc, argv))
    return *code;
  std::chrono::milliseconds every{sample};
  std::vector<double> ratio;
  for (int64_t i = 0; i < rounds; ++i) {
    auto off = rate_of_node(false, every, requests);
    ratio.push_back(rate_of_node(true, every, requests) / off);
  }
  bench::print_figure("warning_ratio", bench::median(ratio), "ratio");
}
