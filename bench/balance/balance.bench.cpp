// Question: how long do requests take at a service of five replicas of which
// one is ten times slower, by each balancing strategy? They arrive at a steady
// rate, 60 % of what the five can do together, whether earlier ones are
// answered or not; each is timed from when it was due.
//
//   bench_balance [--milliseconds N]
//
// A replica does one thing at a time and takes 1 ms for it, the slow one 10 ms;
// it waits on a timer, so that the processors are not what is measured. All
// strategies in turn, in one process. Then the same with ejection, beside the
// four good ones alone; of these what is due in the first half does not count,
// in which the slow one is found out.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/load.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <array>
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
  bool keyed = false;
  std::vector<double> took;
  std::atomic<size_t> answered{0};
};

/// With a key in each, of which there are a thousand.
caf::behavior client(caf::event_based_actor* self, const caf::actor& to,
                     const std::shared_ptr<record>& all) {
  return {[=](int64_t due, int64_t number, bool counts) {
    auto note = [=] {
      auto now = steady::now().time_since_epoch().count();
      if (counts)
        all->took.push_back(static_cast<double>(now - due) / 1e6);
      ++all->answered;
    };
    bulwark::call_options how{.key = std::to_string(number % 1'000)};
    if (!all->keyed)
      how.key.clear();
    self->request(to, caf::infinite, how, 1)
      .then([=](int) { note(); }, [=](const caf::error&) { note(); });
  }};
}

/// One run.
struct trial {
  balancing_strategy strategy = balancing_strategy::two_choices;
  size_t good = replicas - 1;
  size_t bad = 1;
  bool ejects = false;

  /// Counted are the requests that are due from this share of the time on.
  double from = 0;
};

caf::actor supervise(caf::actor_system& sys, const bulwark::gate& at,
                     const trial& how) {
  bulwark::supervisor_settings settings;
  settings.path = "/root/bench";
  for (size_t i = 0; i < how.good + how.bad; ++i) {
    auto index = static_cast<uint8_t>(i);
    bulwark::child_spec spec;
    spec.id = "bench#" + std::to_string(i + 1);
    spec.start = bulwark::start_behind(
      at, index,
      bulwark::make_replica_factory(worker, i < how.good ? quick : slow));
    spec.on_change = [at, index](const bulwark::child_change& x) {
      at.replica_changed(index, x);
    };
    settings.children.push_back(std::move(spec));
  }
  return bulwark::spawn_supervisor(sys, std::move(settings));
}

/// Returns the milliseconds that 99 of 100 requests do not exceed.
double p99_of(caf::actor_system& sys, const trial& how, int64_t milliseconds) {
  bulwark::gate_settings settings{.service = "bench"};
  settings.options.timeout = 10min;
  settings.strategy = how.strategy;
  if (how.strategy == balancing_strategy::weighted)
    settings.weights = {10, 10, 10, 10, 1};
  settings.group.usage.active = how.good + how.bad;
  if (how.ejects)
    settings.group.usage.ejection.emplace();
  bulwark::gate at{sys, settings};
  at.declare_replicas(how.good + how.bad);
  auto supervisor = supervise(sys, at, how);
  while (at.status().replicas_up < how.good + how.bad)
    std::this_thread::sleep_for(1ms);
  auto all = std::make_shared<record>();
  all->keyed = how.strategy == balancing_strategy::consistent_hash;
  auto asks = sys.spawn(client, at.handle(), all);
  auto begin = steady::now();
  std::chrono::duration<double, std::milli> length{milliseconds};
  int64_t sent = 0;
  for (auto due = begin; due < begin + length; due += pause, ++sent) {
    std::this_thread::sleep_until(due);
    caf::anon_send(asks, int64_t{due.time_since_epoch().count()}, sent,
                   due - begin >= length * how.from);
  }
  while (all->answered < static_cast<size_t>(sent))
    std::this_thread::sleep_for(1ms);
  auto result = bench::quantile(all->took, 0.99);
  caf::anon_send_exit(asks, caf::exit_reason::user_shutdown);
  at.drain();
  bulwark::stop(supervisor);
  at.stop();
  return result;
}

void compare_strategies(caf::actor_system& sys, int64_t milliseconds) {
  auto in_turn = p99_of(sys, {balancing_strategy::round_robin}, milliseconds);
  bench::print_figure("balance_p99_round_robin", in_turn, "ms");
  for (auto strategy :
       {balancing_strategy::random, balancing_strategy::weighted,
        balancing_strategy::least_in_flight, balancing_strategy::two_choices,
        balancing_strategy::peak_ewma, balancing_strategy::consistent_hash}) {
    auto took = p99_of(sys, {strategy}, milliseconds);
    bench::print_figure("balance_p99_" + to_string(strategy), took, "ms");
    bench::print_figure("balance_ratio_" + to_string(strategy), took / in_turn,
                        "ratio");
  }
}

void compare_ejection(caf::actor_system& sys, int64_t milliseconds) {
  auto four = p99_of(sys, {.bad = 0, .from = 0.5}, milliseconds);
  auto ejects = p99_of(sys, {.ejects = true, .from = 0.5}, milliseconds);
  bench::print_figure("balance_p99_four_good", four, "ms");
  bench::print_figure("balance_p99_ejection", ejects, "ms");
  bench::print_figure("balance_ratio_ejection", ejects / four, "ratio");
}

/// Four replicas that send numbers back, behind a gate.
class four_echoes {
public:
  four_echoes(caf::actor_system& sys, balancing_strategy strategy)
    : gate_(sys, {.service = "echo", .strategy = strategy}) {
    gate_.declare_replicas(4);
    bulwark::supervisor_settings settings;
    settings.path = "/root/echo";
    for (uint8_t i = 0; i < 4; ++i) {
      bulwark::child_spec spec;
      spec.id = "echo#" + std::to_string(i + 1);
      spec.start = bulwark::start_behind(
        gate_, i, bulwark::make_replica_factory(bench::echo));
      spec.on_change = [at = gate_, i](const bulwark::child_change& x) {
        at.replica_changed(i, x);
      };
      settings.children.push_back(std::move(spec));
    }
    supervisor_ = bulwark::spawn_supervisor(sys, std::move(settings));
  }

  ~four_echoes() {
    bulwark::stop(supervisor_);
    gate_.stop();
  }

  four_echoes(const four_echoes&) = delete;
  four_echoes& operator=(const four_echoes&) = delete;

  const caf::actor& handle() const { return gate_.handle(); }

private:
  bulwark::gate gate_;
  caf::actor supervisor_;
};

/// What a strategy costs: the rate of a gate in terms of that by two choices.
void compare_rates(caf::actor_system& sys, int64_t rounds, int64_t requests) {
  constexpr std::array others{
    balancing_strategy::round_robin, balancing_strategy::random,
    balancing_strategy::weighted, balancing_strategy::least_in_flight,
    balancing_strategy::peak_ewma};
  bench::load with{1, 64, requests};
  four_echoes usual{sys, balancing_strategy::two_choices};
  std::deque<four_echoes> all;
  for (auto each : others)
    all.emplace_back(sys, each);
  std::vector<std::vector<double>> ratios(others.size());
  bench::rate(sys, usual.handle(), with);
  for (int64_t round = 0; round < rounds; ++round) {
    auto base = bench::rate(sys, usual.handle(), with);
    for (size_t i = 0; i < others.size(); ++i)
      ratios[i].push_back(bench::rate(sys, all[i].handle(), with) / base);
  }
  for (size_t i = 0; i < others.size(); ++i)
    bench::print_figure("balance_rate_" + to_string(others[i]),
                        bench::median(ratios[i]), "ratio");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_balance"};
  auto& milliseconds =
    given.add("milliseconds", 2'000, "for which requests arrive, each time");
  auto& rounds = given.add("rounds", 21, "turns of the comparison of rates");
  auto& requests = given.add("requests", 20'000, "of each of its sides");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  bulwark::add_message_types(config);
  caf::actor_system sys{config};
  compare_strategies(sys, milliseconds);
  compare_ejection(sys, milliseconds);
  compare_rates(sys, rounds, requests);
}
