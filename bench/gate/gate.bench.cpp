// Question: what does the gate cost? The same requests go to the bare actor,
// through a gate (supervised replica with hand-back, deadline armed), through
// one with a bulkhead, through one with a circuit breaker and retries, too, and
// through an actor that relays them, in turn within one run; the figures are
// medians of the ratios of one turn.
//
//   bench_gate [--rounds N] [--requests N]
//
// Unit: requests per second, and ratios to the bare actor; `protection_ratio`:
// with breaker and retries to the one with the bulkhead alone, `_idempotent`:
// of calls that may be tried again.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"
#include "support/one_service.hpp"

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/caf/content_type.hpp>
#include <bulwark/protection/service_breaker.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

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

/// A gate with what protects calls beside its permits; `twice`: calls count as
/// idempotent, so that what is needed for another attempt is kept.
bulwark::gate_settings armed(caf::actor_system& sys,
                             const bulwark::bulkhead& pool, bool twice) {
  bulwark::gate_settings result{.service = "bench", .bulkhead = pool};
  result.protections = {
    std::make_shared<bulwark::service_breaker>(sys, "bench")};
  result.retry = bulwark::retry_options{};
  if (twice)
    result.idempotent = {bulwark::content_type_of<int64_t>()};
  return result;
}

/// Rates of one way to a service, in terms of those of another one.
struct ratios {
  std::string name;
  std::vector<double> all = {};

  void print(const std::string& suffix) const {
    bench::print_figure(name + "_" + suffix, bench::median(all), "ratio");
  }
};

void measure(caf::actor_system& sys, const std::string& suffix,
             bench::load with, int64_t rounds) {
  auto bare = sys.spawn(bench::echo);
  auto relayed = sys.spawn(relay, bare);
  bulwark::bulkhead pool{sys, "bench", {.capacity = 100'000}};
  auto echo = bulwark::make_replica_factory(bench::echo);
  bench::one_service service{sys, echo};
  bench::one_service limited{sys, echo, {}, false, pool};
  bench::one_service once{sys, echo, armed(sys, pool, false)};
  bench::one_service twice{sys, echo, armed(sys, pool, true)};
  std::vector<double> raw;
  ratios gate{"gate_ratio"};
  ratios armed_all{"armed_ratio"};
  ratios protection{"protection_ratio"};
  ratios protection_twice{"protection_ratio_idempotent"};
  ratios relays{"relay_ratio"};
  for (const auto* each : {&service, &limited, &once, &twice})
    bench::rate(sys, each->handle(), with);
  for (int64_t i = 0; i < rounds; ++i) {
    auto base = bench::rate(sys, bare, with);
    raw.push_back(base);
    gate.all.push_back(bench::rate(sys, service.handle(), with) / base);
    auto permits = bench::rate(sys, limited.handle(), with);
    auto all = bench::rate(sys, once.handle(), with);
    armed_all.all.push_back(all / base);
    protection.all.push_back(all / permits);
    protection_twice.all.push_back(bench::rate(sys, twice.handle(), with)
                                   / permits);
    relays.all.push_back(bench::rate(sys, relayed, with) / base);
  }
  bench::print_figure("raw_rate_" + suffix, bench::median(raw), "1/s");
  for (const auto* each :
       {&gate, &armed_all, &protection, &protection_twice, &relays})
    each->print(suffix);
  pool.stop();
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
