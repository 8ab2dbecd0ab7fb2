// Question: how long is a service away when it crashes, if nothing makes its
// supervisor wait? The time runs from just before the exception is thrown to
// the arrival of the next reply, which the new incarnation gives; the request
// for it was waiting in the mailbox of the old one.
//
//   bench_recovery [--crashes N]
//
// Unit: microseconds.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/one_service.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>

namespace {

using steady = std::chrono::steady_clock;
using stamp = std::shared_ptr<std::atomic<int64_t>>;

int64_t now() {
  return steady::now().time_since_epoch().count();
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

double crash_once(caf::scoped_actor& self, const caf::actor& to,
                  const stamp& crashed) {
  auto first = self->request(to, caf::infinite, int64_t{1});
  auto second = self->request(to, caf::infinite, caf::unit);
  std::move(first).receive([](int64_t) {}, [](const caf::error&) {});
  int64_t answered = 0;
  std::move(second).receive([&](bool) { answered = now(); },
                            [](const caf::error&) {});
  return static_cast<double>(answered - *crashed) / 1000;
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_recovery"};
  auto& crashes = given.add("crashes", 2000, "crashes to measure");
  if (auto code = given.read(argc, argv))
    return *code;
  caf::actor_system_config config;
  caf::actor_system sys{config};
  auto crashed = std::make_shared<std::atomic<int64_t>>(0);
  bulwark::restart_options restart;
  restart.initial = restart.max = bulwark::duration::zero();
  restart.intensity = 1'000'000;
  bench::one_service service{
    sys, bulwark::make_replica_factory(fragile, crashed), restart};
  caf::scoped_actor self{sys};
  std::vector<double> took;
  for (int64_t i = 0; i < crashes; ++i)
    took.push_back(crash_once(self, service.handle(), crashed));
  bench::print_figure("crash_to_reply_p50", bench::quantile(took, 0.5), "us");
  bench::print_figure("crash_to_reply_p99", bench::quantile(took, 0.99), "us");
}
