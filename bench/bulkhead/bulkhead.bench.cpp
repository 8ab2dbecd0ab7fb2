// Questions: what does a bulkhead cost a request that gets its permit at once,
// beside the same request to the same kind of service without one; what do
// permits cost by themselves, with many who want them, beside a counter behind
// a mutex; how fast does a full bulkhead refuse?
//
//   bench_bulkhead [--rounds N] [--requests N] [--permits N]
//
// Both sides in turn; the figures are medians over the turns.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"
#include "support/one_service.hpp"

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <memory>
#include <mutex>

namespace {

using core_ptr = std::shared_ptr<bulwark::detail::bulkhead_core>;

/// What one would write without a library.
struct plain_counter {
  std::mutex lock;
  uint64_t use = 0;

  bool try_take() {
    std::lock_guard guard{lock};
    return use < 1'000'000 && ++use != 0;
  }

  void give() {
    std::lock_guard guard{lock};
    --use;
  }
};

/// Takes and gives `n` times, in turns of a thousand.
template <class F>
caf::behavior worker(caf::event_based_actor* self, int64_t n, F turn,
                     caf::actor done) {
  self->send(self, n);
  return {[=](int64_t left) {
    if (left <= 0) {
      self->send(done, caf::ok_atom_v);
      self->quit();
      return;
    }
    for (int i = 0; i < 1000; ++i)
      turn();
    self->send(self, left - 1000);
  }};
}

/// Returns the nanoseconds for one pair of take and give.
template <class F>
double pairs(caf::actor_system& sys, int64_t actors, int64_t n, F turn) {
  caf::scoped_actor self{sys};
  auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < actors; ++i)
    self->spawn(worker<F>, n / actors, turn, caf::actor{self});
  for (int64_t i = 0; i < actors; ++i)
    self->receive([](caf::ok_atom) {});
  std::chrono::duration<double, std::nano> took =
    std::chrono::steady_clock::now() - start;
  return took.count() / static_cast<double>(n);
}

void measure_permits(caf::actor_system& sys, int64_t rounds, int64_t n) {
  bulwark::bulkhead pool{sys, "bench", {.capacity = 1'000'000}};
  auto* account = pool.core()->lasting_account("bench");
  plain_counter plain;
  for (int64_t actors : {1, 2, 4, 8, 16, 32, 64}) {
    std::vector<double> ours;
    std::vector<double> ratio;
    for (int64_t i = 0; i < rounds; ++i) {
      ours.push_back(pairs(sys, actors, n, [core = pool.core(), account] {
        if (core->try_take(*account, 1, bulwark::call_priority::normal))
          core->give(*account, 1, 0);
      }));
      auto other = pairs(sys, actors, n, [&plain] {
        if (plain.try_take())
          plain.give();
      });
      ratio.push_back(other / ours.back());
    }
    auto suffix = "_actors" + std::to_string(actors);
    bench::print_figure("bulkhead_pair" + suffix, bench::median(ours), "ns");
    bench::print_figure("bulkhead_mutex_ratio" + suffix, bench::median(ratio),
                        "ratio");
  }
  pool.stop();
}

void measure_lane(caf::actor_system& sys, const std::string& suffix,
                  bench::load with, int64_t rounds) {
  bulwark::bulkhead pool{sys, "bench", {.capacity = 100'000}};
  bench::one_service bare{sys, bulwark::make_replica_factory(bench::echo)};
  bench::one_service armed{
    sys, bulwark::make_replica_factory(bench::echo), {}, false, pool};
  std::vector<double> ratio;
  bench::rate(sys, bare.handle(), with);
  bench::rate(sys, armed.handle(), with);
  for (int64_t i = 0; i < rounds; ++i) {
    auto base = bench::rate(sys, bare.handle(), with);
    ratio.push_back(bench::rate(sys, armed.handle(), with) / base);
  }
  bench::print_figure("bulkhead_lane_ratio_" + suffix, bench::median(ratio),
                      "ratio");
  pool.stop();
}

caf::behavior hoarder(caf::event_based_actor* self) {
  return {[=](int64_t) -> caf::result<int64_t> {
    return self->make_response_promise();
  }};
}

void measure_refusals(caf::actor_system& sys, int64_t rounds, int64_t n) {
  bulwark::bulkhead pool{sys, "bench", {.capacity = 1}};
  bench::one_service full{
    sys, bulwark::make_replica_factory(hoarder), {}, false, pool};
  caf::scoped_actor self{sys};
  self->send(full.handle(), int64_t{1});
  while (pool.core()->use() == 0)
    std::this_thread::yield();
  std::vector<double> rates;
  for (int64_t i = 0; i < rounds; ++i)
    rates.push_back(bench::rate(sys, full.handle(), {4, 16, n}));
  bench::print_figure("bulkhead_refusals", bench::median(rates), "1/s");
  pool.stop();
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_bulkhead"};
  auto& rounds = given.add("rounds", 21, "turns; the medians are over these");
  auto& requests = given.add("requests", 200'000, "per turn and side");
  auto& permits = given.add("permits", 1'000'000, "pairs per turn and side");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  config.set("scheduler.max-throughput", 100);
  caf::actor_system sys{config};
  measure_lane(sys, "window1", {1, 1, requests / 4}, rounds);
  measure_lane(sys, "window64", {1, 64, requests}, rounds);
  measure_lane(sys, "window64_clients4", {4, 64, requests}, rounds);
  measure_refusals(sys, rounds, requests / 4);
  measure_permits(sys, rounds, permits);
}
