// Question: a service's circuit breaker opens on one node; how long until those
// of two other nodes know, and are careful? The two are this program again, as
// processes of their own. The time runs from just before the call that fails,
// by a clock that all processes of a machine share.
//
//   bench_trip [--trips N]
//
// Unit: milliseconds; the goal is 200 for the 99th percentile.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/process.hpp"

#include <bulwark/bulwark.hpp>

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

const bulwark::breaker_options together{.policy =
                                          bulwark::breaker_policy::consecutive,
                                        .failure_threshold = 1,
                                        .recovery_timeout = 20ms,
                                        .success_threshold = 1,
                                        .cluster_wide = true};

int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

caf::behavior payments() {
  return {[](bool fails) -> caf::result<bool> {
    if (fails)
      return caf::make_error(caf::sec::runtime_error, "asked to fail");
    return true;
  }};
}

bool is_answered(caf::scoped_actor& self, const caf::actor& to, bool fails) {
  bool result = false;
  self->request(to, caf::infinite, fails)
    .receive([&](bool) { result = true; }, [](const caf::error&) {});
  return result;
}

void ask_until_answered(caf::scoped_actor& self, const caf::actor& to) {
  while (!is_answered(self, to, false))
    std::this_thread::sleep_for(1ms);
}

/// Says when its breaker becomes careful, and closes it by a call that is
/// answered; until its process is ended.
void watch(bulwark::node& node) {
  caf::scoped_actor self{node.system()};
  auto to = node.gate("payments");
  auto breaker = node.breaker("payments");
  ask_until_answered(self, to);
  std::cout << "ready" << std::endl;
  for (;;) {
    while (breaker->state() != bulwark::breaker_state::half_open)
      std::this_thread::sleep_for(50us);
    std::cout << "careful at=" << now_ns() << std::endl;
    while (breaker->state() != bulwark::breaker_state::closed)
      ask_until_answered(self, to);
    std::cout << "closed" << std::endl;
  }
}

int be_peer(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    node.remote_service("payments").breaker(together);
    node.gate("payments");
    node.on_start([&node] { std::thread{[&node] { watch(node); }}.detach(); });
  });
}

using peers = std::vector<std::unique_ptr<test::process>>;

std::unique_ptr<test::process> start_peer(const std::string& name) {
  auto data = std::filesystem::temp_directory_path() / "bulwark_bench_trip";
  return std::make_unique<test::process>(
    "/proc/self/exe",
    std::vector<std::string>{"--name=" + name, "--listen=127.0.0.1:0",
                             "--data=" + (data / name).string(),
                             "--log-level=info"});
}

void measure(bulwark::node& node, peers& others, int64_t trips) {
  caf::scoped_actor self{node.system()};
  auto to = node.gate("payments");
  auto breaker = node.breaker("payments");
  std::vector<double> took;
  for (auto& each : others)
    each->wait_for_line("ready");
  for (int64_t i = 0; i < trips; ++i) {
    auto start = now_ns();
    is_answered(self, to, true);
    for (auto& each : others) {
      auto line = each->wait_for_line("careful at=");
      auto at = std::stoll(test::field_of(line, "at"));
      took.push_back(static_cast<double>(at - start) / 1e6);
    }
    for (auto& each : others)
      each->wait_for_line("closed");
    while (breaker->state() != bulwark::breaker_state::closed)
      ask_until_answered(self, to);
  }
  bench::print_figure("trip_to_peers_p50", bench::quantile(took, 0.5), "ms");
  bench::print_figure("trip_to_peers_p99", bench::quantile(took, 0.99), "ms");
  bench::print_figure("trip_to_peers_max", bench::quantile(took, 1), "ms");
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string{argv[1]}.starts_with("--name="))
    return be_peer(argc, argv);
  bench::arguments given{"bench_trip"};
  auto& trips = given.add("trips", 200, "how often the breaker opens");
  if (auto code = given.read(argc, argv))
    return *code;
  peers others;
  std::vector<std::string> options{"bench_trip", "--name=alpha",
                                   "--log-level=crit", "--drain=0s"};
  for (const auto* name : {"beta", "gamma"}) {
    others.push_back(start_peer(name));
    options.push_back(
      "--join="
      + test::field_of(others.back()->wait_for_line("node_started"), "listen"));
  }
  std::vector<char*> words;
  for (auto& each : options)
    words.push_back(each.data());
  std::thread measuring;
  auto code = bulwark::run(
    static_cast<int>(words.size()), words.data(), [&](bulwark::node& node) {
      node.service("payments", payments).breaker(together);
      node.gate("payments");
      node.on_start([&] {
        measuring = std::thread{[&] {
          measure(node, others, trips);
          node.stop();
        }};
      });
    });
  if (measuring.joinable())
    measuring.join();
  return code;
}
