// Question: how long do requests take at a service of five replicas of which
// one is ten times slower, by each balancing strategy? They arrive at a steady
// rate, 60 % of what the five can do together, whether earlier ones are
// answered or not; each is timed from when it was due.
//
//   bench_balance [--milliseconds N]
//
// A replica does one thing at a time and takes 1 ms for it, the slow one 10 ms;
// it waits on a timer, so that the processors are not what is measured. All
// strategies in turn, in one process.

#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using bulwark::balancing_strategy;
using done_atom = caf::atom_constant<caf::atom("done")>;
using steady = std::chrono::steady_clock;

constexpr size_t replicas = 5;
constexpr auto quick = 1ms;
constexpr auto slow = 10ms;

/// 60 % of four times 1000 and once 100 in a second.
constexpr auto pause = 406us;

/// Does one after the other.
caf::behavior worker(caf::event_based_actor* self,
                     std::chrono::milliseconds takes) {
  auto waiting = std::make_shared<std::deque<caf::response_promise>>();
  return {
    [=](int) {
      waiting->push_back(self->make_response_promise());
      if (waiting->size() == 1)
        self->delayed_send(self, takes, done_atom::value);
      return caf::delegated<int>{};
    },
    [=](done_atom) {
      waiting->front().deliver(1);
      waiting->pop_front();
      if (!waiting->empty())
        self->delayed_send(self, takes, done_atom::value);
    },
  };
}

struct record {
  std::vector<double> took;
  std::atomic<size_t> answered{0};
};

caf::behavior client(caf::event_based_actor* self, const caf::actor& to,
                     const std::shared_ptr<record>& all) {
  return {[=](int64_t due) {
    auto note = [=] {
      auto now = steady::now().time_since_epoch().count();
      all->took.push_back(static_cast<double>(now - due) / 1e6);
      ++all->answered;
    };
    self->request(to, caf::infinite, 1)
      .then([=](int) { note(); }, [=](const caf::error&) { note(); });
  }};
}

caf::actor supervise(caf::actor_system& sys, const bulwark::gate& at) {
  bulwark::supervisor_settings settings;
  settings.path = "/root/bench";
  for (size_t i = 0; i < replicas; ++i) {
    auto index = static_cast<uint8_t>(i);
    bulwark::child_spec spec;
    spec.id = "bench#" + std::to_string(i + 1);
    spec.start = bulwark::start_behind(
      at, index,
      bulwark::make_replica_factory(worker, i + 1 == replicas ? slow : quick));
    spec.on_change = [at, index](const bulwark::child_change& x) {
      at.replica_changed(index, x);
    };
    settings.children.push_back(std::move(spec));
  }
  return bulwark::spawn_supervisor(sys, std::move(settings));
}

/// Returns the milliseconds that 99 of 100 requests do not exceed.
double p99_of(caf::actor_system& sys, balancing_strategy strategy,
              int64_t milliseconds) {
  bulwark::gate_settings settings{.service = "bench"};
  settings.options.timeout = 10min;
  settings.strategy = strategy;
  if (strategy == balancing_strategy::weighted)
    settings.weights = {10, 10, 10, 10, 1};
  bulwark::gate at{sys, settings};
  at.declare_replicas(replicas);
  auto supervisor = supervise(sys, at);
  while (at.status().replicas_up < replicas)
    std::this_thread::sleep_for(1ms);
  auto all = std::make_shared<record>();
  auto asks = sys.spawn(client, at.handle(), all);
  auto begin = steady::now();
  auto end = begin + std::chrono::milliseconds{milliseconds};
  size_t sent = 0;
  for (auto due = begin; due < end; due += pause, ++sent) {
    std::this_thread::sleep_until(due);
    caf::anon_send(asks, int64_t{due.time_since_epoch().count()});
  }
  while (all->answered < sent)
    std::this_thread::sleep_for(1ms);
  auto result = bench::quantile(all->took, 0.99);
  caf::anon_send_exit(asks, caf::exit_reason::user_shutdown);
  at.drain();
  bulwark::stop(supervisor);
  at.stop();
  return result;
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_balance"};
  auto& milliseconds =
    given.add("milliseconds", 2'000, "for which requests arrive, each time");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto in_turn = p99_of(sys, balancing_strategy::round_robin, milliseconds);
  bench::print_figure("balance_p99_round_robin", in_turn, "ms");
  for (auto strategy :
       {balancing_strategy::random, balancing_strategy::weighted,
        balancing_strategy::least_in_flight, balancing_strategy::two_choices,
        balancing_strategy::peak_ewma}) {
    auto took = p99_of(sys, strategy, milliseconds);
    bench::print_figure("balance_p99_" + to_string(strategy), took, "ms");
    bench::print_figure("balance_ratio_" + to_string(strategy), took / in_turn,
                        "ratio");
  }
}
