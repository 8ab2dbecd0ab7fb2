// Question: how long is a service without an answer when its only active
// replica crashes, with a standby and without, under the same supervisor with
// its default pause before a restart? The time runs from just before the
// exception is thrown to the arrival of the reply to a request that waited
// behind the one that crashed.
//
//   bench_failover [--crashes N]
//
// Both sides in turn, in one process. Units: microseconds; `failover_ratio` is
// the time with a standby in terms of the time without.

#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using stamp = std::shared_ptr<std::atomic<int64_t>>;

int64_t now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

caf::behavior fragile(const stamp& crashed) {
  return {
    [=](caf::unit_t) { return true; },
    [=](int64_t) -> int64_t {
      *crashed = now();
      throw std::runtime_error{"asked to crash"};
    },
  };
}

/// A service with one active replica, and so many standbys.
class service {
public:
  service(caf::actor_system& sys, const std::string& name, size_t standbys,
          const stamp& crashed)
    : gate_(sys, {.service = name, .group = {{1, standbys, {}, {}}}}),
      replicas_(1 + standbys) {
    gate_.declare_replicas(replicas_);
    bulwark::supervisor_settings settings;
    settings.path = "/root/" + name;
    settings.limits.intensity = 1'000'000;
    for (size_t i = 0; i < replicas_; ++i) {
      auto index = static_cast<uint8_t>(i);
      bulwark::child_spec spec;
      spec.id = name + "#" + std::to_string(i + 1);
      // Each crash is the first one, so that each has the first pause.
      spec.restart.multiplier = 1;
      spec.restart.intensity = 1'000'000;
      spec.start = bulwark::start_behind(
        gate_, index, bulwark::make_replica_factory(fragile, crashed));
      spec.on_change = [at = gate_, index](const bulwark::child_change& x) {
        at.replica_changed(index, x);
      };
      settings.children.push_back(std::move(spec));
    }
    supervisor_ = bulwark::spawn_supervisor(sys, std::move(settings));
  }

  ~service() {
    gate_.drain();
    bulwark::stop(supervisor_);
    gate_.stop();
  }

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// Waits until all replicas are up, and crashes the active one.
  double crash(caf::scoped_actor& self, const stamp& crashed) const {
    while (!all_up())
      std::this_thread::sleep_for(1ms);
    auto first = self->request(gate_.handle(), caf::infinite, int64_t{1});
    auto second = self->request(gate_.handle(), caf::infinite, caf::unit);
    std::move(first).receive([](int64_t) {}, [](const caf::error&) {});
    int64_t answered = 0;
    std::move(second).receive([&](bool) { answered = now(); },
                              [](const caf::error&) {});
    return static_cast<double>(answered - *crashed) / 1000;
  }

private:
  bool all_up() const {
    auto status = gate_.status();
    return status.group ? status.group->healthy_components == replicas_
                        : status.replicas_up == replicas_;
  }

  bulwark::gate gate_;
  size_t replicas_;
  caf::actor supervisor_;
};

void print(const std::string& name, const std::vector<double>& took) {
  bench::print_figure("failover_" + name + "_p50", bench::quantile(took, 0.5),
                      "us");
  bench::print_figure("failover_" + name + "_p99", bench::quantile(took, 0.99),
                      "us");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_failover"};
  auto& crashes = given.add("crashes", 100, "crashes of each side");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto crashed = std::make_shared<std::atomic<int64_t>>(0);
  service alone{sys, "alone", 0, crashed};
  service paired{sys, "paired", 1, crashed};
  caf::scoped_actor self{sys};
  std::vector<double> without;
  std::vector<double> with;
  std::vector<double> ratios;
  for (int64_t i = 0; i < crashes; ++i) {
    without.push_back(alone.crash(self, crashed));
    with.push_back(paired.crash(self, crashed));
    ratios.push_back(with.back() / without.back());
  }
  print("without_standby", without);
  print("with_standby", with);
  bench::print_figure("failover_ratio", bench::median(ratios), "ratio");
}
