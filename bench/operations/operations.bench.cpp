// Question: what do metrics cost a gate? The same requests go through a gate
// that counts ends and times and through one that does not, in turn within one
// run; the figures are medians of the ratios of one turn.
//
//   bench_operations [--rounds N] [--requests N]
//
// Unit: ratios of the rate with metrics to the rate without.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"
#include "support/one_service.hpp"

#include <caf/actor_system_config.hpp>

namespace {

void measure(caf::actor_system& sys, const std::string& suffix,
             const bench::load& with, int64_t rounds) {
  bench::one_service counted{sys, bulwark::make_replica_factory(bench::echo)};
  bench::one_service plain{
    sys, bulwark::make_replica_factory(bench::echo), {}, false, {}, {}, false};
  std::vector<double> ratio;
  bench::rate(sys, counted.handle(), with);
  bench::rate(sys, plain.handle(), with);
  for (int64_t i = 0; i < rounds; ++i) {
    // Who comes first in a turn changes, as what else goes on may.
    auto first = i % 2 == 0;
    auto one =
      bench::rate(sys, first ? counted.handle() : plain.handle(), with);
    auto other =
      bench::rate(sys, first ? plain.handle() : counted.handle(), with);
    ratio.push_back(first ? one / other : other / one);
  }
  bench::print_figure("operations_metrics_ratio_" + suffix,
                      bench::median(ratio), "ratio");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_operations"};
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
