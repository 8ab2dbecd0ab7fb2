// Questions: what is a call worth that goes through a gate to another node,
// beside a bare request of CAF to an actor of another program, plain and with
// TLS on both, one at a time and 64 in flight? What is left of the rate between
// two nodes while a third one is stopped? How long until a node is missed that
// was killed, and one that was stopped?
//
//   bench_cluster [--rounds N] [--requests N] [--losses N]
//
// Both sides of a comparison are two actor systems in this process, connected
// over loopback, and are asked in turn within each round. The third node is
// this program again, as a process of its own.
//
// Units: ratios, calls per second, milliseconds.

#include "cluster/bare_caf.hpp"
#include "cluster/two_nodes.hpp"
#include "support/arguments.hpp"
#include "support/authority.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/bulwark.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

constexpr std::array<int64_t, 2> windows{1, 64};

/// Asks in turn, and prints the medians.
void compare(const std::string& kind, int64_t rounds, int64_t requests,
             const bulwark::tls_options& alpha_tls,
             const bulwark::tls_options& beta_tls) {
  bench::small_node beta{{.name = "beta", .tls = beta_tls, .offers = true}};
  bench::small_node alpha{
    {.name = "alpha", .join = {beta.address()}, .tls = alpha_tls}};
  alpha.await_peer();
  bench::bare_caf bare{alpha_tls};
  std::map<int64_t, std::vector<double>> ratios;
  std::map<int64_t, std::vector<double>> rates;
  for (int64_t i = 0; i <= rounds; ++i)
    for (auto window : windows) {
      // One at a time each takes as long as 20 of many.
      bench::load with{1, window, window == 1 ? requests / 20 + 1 : requests};
      auto theirs = bench::rate(bare.client(), bare.handle(), with);
      auto ours = bench::rate(alpha.system(), alpha.gate(), with);
      // The first round warms up.
      if (i == 0)
        continue;
      ratios[window].push_back(ours / theirs);
      rates[window].push_back(ours);
    }
  for (auto window : windows) {
    auto name = kind + "_window" + std::to_string(window);
    bench::print_figure("cluster_ratio_" + name, bench::median(ratios[window]),
                        "of CAF");
    bench::print_figure("cluster_rate_" + name, bench::median(rates[window]),
                        "calls/s");
  }
}

std::unique_ptr<test::process> start_third(const bulwark::host_port& join) {
  auto result = std::make_unique<test::process>(
    "/proc/self/exe",
    std::vector<std::string>{"--name=gamma", "--join=" + to_string(join),
                             "--drain=0s"});
  result->wait_for_line("node_joined");
  return result;
}

/// Stops or kills a third node again and again, and asks the second one
/// meanwhile.
class losses {
public:
  void run(int64_t count, int64_t requests) {
    bench::small_node beta{
      {.name = "beta", .offers = true, .hears = [this](const auto& what) {
         if (what.component == "node/gamma"
             && what.kind == bulwark::event_kind::node_lost)
           ++lost_;
         if (what.component == "node/gamma"
             && what.kind == bulwark::event_kind::node_joined)
           ++joined_;
       }}};
    bench::small_node alpha{{.name = "alpha", .join = {beta.address()}}};
    alpha.await_peer();
    for (int64_t i = 0; i < count; ++i) {
      killed_.push_back(until_lost(beta, SIGKILL));
      auto third = started(beta);
      bench::load with{1, windows.back(), requests};
      bench::rate(alpha.system(), alpha.gate(), with);
      auto before = bench::rate(alpha.system(), alpha.gate(), with);
      auto lost = lost_.load();
      auto begin = steady::now();
      third->signal(SIGSTOP);
      ratios_.push_back(bench::rate(alpha.system(), alpha.gate(), with)
                        / before);
      stopped_.push_back(wait(lost, begin));
    }
    print();
  }

private:
  std::unique_ptr<test::process> started(const bench::small_node& joins) {
    auto before = joined_.load();
    auto result = start_third(joins.address());
    while (joined_ == before)
      std::this_thread::yield();
    return result;
  }

  double until_lost(const bench::small_node& joins, int signal) {
    auto third = started(joins);
    auto lost = lost_.load();
    auto begin = steady::now();
    third->signal(signal);
    return wait(lost, begin);
  }

  double wait(int before, steady::time_point begin) const {
    while (lost_ == before)
      std::this_thread::sleep_for(std::chrono::microseconds{100});
    std::chrono::duration<double, std::milli> ms = steady::now() - begin;
    return ms.count();
  }

  void print() const {
    if (killed_.empty())
      return;
    bench::print_figure("cluster_kill_to_lost", bench::median(killed_), "ms");
    bench::print_figure("cluster_stop_to_lost", bench::median(stopped_), "ms");
    bench::print_figure("cluster_ratio_third_stopped", bench::median(ratios_),
                        "of before");
  }

  std::atomic<int> lost_{0};
  std::atomic<int> joined_{0};
  std::vector<double> killed_;
  std::vector<double> stopped_;
  std::vector<double> ratios_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string{argv[1]} == "--name=gamma")
    return bulwark::run(argc, argv, [](bulwark::node&) {});
  bench::arguments given{"bench_cluster"};
  auto& rounds = given.add("rounds", 11, "how often each side is asked");
  auto& requests = given.add("requests", 40'000, "requests of a turn");
  auto& count = given.add("losses", 3, "how often a third node is lost");
  if (auto code = given.read(argc, argv))
    return *code;
  compare("plain", rounds, requests, {}, {});
  test::temp_folder folder;
  test::authority ca{folder.path()};
  compare("tls", rounds, requests, ca.issue("alpha"), ca.issue("beta"));
  losses{}.run(count, requests);
}
