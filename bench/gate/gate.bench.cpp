// Question: what does the gate cost? The same requests go to the bare actor,
// through a gate (supervised replica with hand-back, deadline armed), and
// through an actor that relays them, in turn within one run; the figures are
// medians of the ratios of one turn.
//
//   bench_gate [--rounds N] [--requests N]
//
// Unit: requests per second, and ratios to the bare actor.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"
#include "support/one_service.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

namespace {

caf::behavior relay(caf::event_based_actor* self, caf::actor to) {
  return {
    [=](int64_t x) {
      auto promise = self->make_response_promise<int64_t>();
      self->request(to, caf::infinite, x).then([promise](int64_t y) mutable {
        promise.deliver(y);
      });
      return promise;
    },
  };
}

void measure(caf::actor_system& sys, const std::string& suffix,
             bench::load with, int64_t rounds) {
  auto bare = sys.spawn(bench::echo);
  auto relayed = sys.spawn(relay, bare);
  bench::one_service service{sys, bulwark::make_replica_factory(bench::echo)};
  std::vector<double> raw;
  std::vector<double> gate_ratio;
  std::vector<double> relay_ratio;
  bench::rate(sys, service.handle(), with);
  for (int64_t i = 0; i < rounds; ++i) {
    auto base = bench::rate(sys, bare, with);
    raw.push_back(base);
    gate_ratio.push_back(bench::rate(sys, service.handle(), with) / base);
    relay_ratio.push_back(bench::rate(sys, relayed, with) / base);
  }
  bench::print_figure("raw_rate_" + suffix, bench::median(raw), "1/s");
  bench::print_figure("gate_ratio_" + suffix, bench::median(gate_ratio),
                      "ratio");
  bench::print_figure("relay_ratio_" + suffix, bench::median(relay_ratio),
                      "ratio");
  caf::anon_send_exit(relayed, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(bare, caf::exit_reason::user_shutdown);
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_gate"};
  auto& rounds = given.add("rounds", 41, "turns; the medians are over these");
  auto& requests = given.add("requests", 200'000, "per turn and side");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  config.set("scheduler.max-throughput", 100);
  caf::actor_system sys{config};
  measure(sys, "window1", {1, 1, requests / 4}, rounds);
  measure(sys, "window64", {1, 64, requests}, rounds);
  measure(sys, "window64_clients4", {4, 64, requests}, rounds);
}
