// Question: does a neighbour notice a service that wants more CPU time than
// its quota? A client asks a plain service again and again, while the other
// is quiet and then while it is flooded with handlers of 1 ms, with handlers
// of 50 ms, and with more handlers that never return than there are
// processors. There are two neighbours in turn: one that does nothing, so that
// threads wake each other for each answer, and one that keeps its processor
// busy, since it computes for 1 ms per request and always has the next one.
//
//   bench_quota [--rounds N] [--milliseconds N]
//
// Unit: the median over the rounds of the rate beside the flood in terms of
// the rate before it, for the one (`quota_neighbour`) and the other
// (`quota_busy`); of the CPU time that the quota tells of in terms of what it
// grants; and of the share of the processors that others took meanwhile.

#include "support/arguments.hpp"
#include "support/disturbance.hpp"
#include "support/figures.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

using flag = std::shared_ptr<std::atomic<bool>>;

constexpr bulwark::cpu_quota_options granted{.quota = 20ms, .period = 100ms};

/// In microseconds.
int64_t thread_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * int64_t{1'000'000} + t.tv_nsec / 1000;
}

/// Spins for so much CPU time, or for ever, unless told to stop.
caf::behavior spinner(caf::event_based_actor*, const flag& stop) {
  return {[stop](int64_t ms) {
    auto end = thread_time() + 1000 * ms;
    while (!*stop && (ms == 0 || thread_time() < end)) {
    }
  }};
}

/// Replicas of a service behind a gate, all of one quota.
class flooded {
public:
  flooded(caf::actor_system& sys, const bulwark::cpu_quota& quota)
    : gate_(sys, {.service = "flooded"}) {
    auto replicas = 2 * std::max(1U, std::thread::hardware_concurrency());
    replicas = std::min(replicas, 64U);
    gate_.declare_replicas(replicas);
    bulwark::supervisor_settings settings;
    settings.path = "/root/flooded";
    for (unsigned i = 0; i < replicas; ++i) {
      auto index = static_cast<uint8_t>(i);
      bulwark::child_spec spec;
      spec.id = "flooded#" + std::to_string(i + 1);
      spec.start = bulwark::start_behind(
        gate_, index, bulwark::make_replica_factory(spinner, stop_),
        {.quota = quota});
      spec.on_change = [at = gate_, index](const bulwark::child_change& what) {
        at.replica_changed(index, what);
      };
      settings.children.push_back(std::move(spec));
    }
    supervisor_ = bulwark::spawn_supervisor(sys, std::move(settings));
  }

  flooded(const flooded&) = delete;
  flooded& operator=(const flooded&) = delete;

  ~flooded() {
    *stop_ = true;
    bulwark::stop(supervisor_);
    gate_.stop();
  }

  void send(int64_t ms, size_t messages) {
    for (size_t i = 0; i < messages; ++i)
      caf::anon_send(gate_.handle(), ms);
  }

private:
  flag stop_ = std::make_shared<std::atomic<bool>>(false);
  bulwark::gate gate_;
  caf::actor supervisor_;
};

caf::behavior plain() {
  return {[](int64_t x) { return x; }};
}

caf::behavior busy() {
  return {[](int64_t x) {
    auto end = thread_time() + 1000;
    while (thread_time() < end) {
    }
    return x;
  }};
}

/// Returns how many answers per second there are, with two requests under way.
double rate_of(caf::scoped_actor& self, const caf::actor& to,
               std::chrono::milliseconds time) {
  int64_t answers = 0;
  auto ask = [&] { return self->request(to, caf::infinite, answers); };
  auto start = steady::now();
  auto first = ask();
  while (steady::now() < start + time) {
    auto second = ask();
    first.receive([](int64_t) {}, [](const caf::error&) {});
    first = std::move(second);
    ++answers;
  }
  first.receive([](int64_t) {}, [](const caf::error&) {});
  std::chrono::duration<double> took = steady::now() - start;
  return static_cast<double>(answers) / took.count();
}

using kind_of_neighbour = caf::behavior();

void measure(const std::string& what, kind_of_neighbour* kind,
             const std::string& name, int64_t ms, int64_t rounds,
             std::chrono::milliseconds time) {
  std::vector<double> kept;
  std::vector<double> used;
  std::vector<double> disturbed;
  for (int64_t i = 0; i < rounds; ++i) {
    caf::actor_system_config config;
    caf::actor_system sys{config};
    caf::scoped_actor self{sys};
    auto neighbour = self->spawn(kind);
    bench::disturbance others;
    rate_of(self, neighbour, time / 10);
    auto quiet = rate_of(self, neighbour, time);
    bulwark::cpu_quota quota{sys, "bench", granted};
    {
      flooded other{sys, quota};
      auto start = steady::now();
      other.send(ms, 10'000);
      auto rate = rate_of(self, neighbour, time);
      std::chrono::duration<double> took = steady::now() - start;
      std::chrono::duration<double> told = quota.stats().usage;
      kept.push_back(rate / quiet);
      disturbed.push_back(others.share());
      used.push_back(told.count() / took.count() * (granted.period / 1.0s)
                     / (granted.quota / 1.0s));
    }
    quota.stop();
    caf::anon_send_exit(neighbour, caf::exit_reason::user_shutdown);
  }
  auto print = [&](const std::string& figure, const std::vector<double>& values,
                   const std::string& unit) {
    bench::print_figure("quota_" + what + figure + "_" + name,
                        bench::median(values), unit);
  };
  print("", kept, "ratio");
  print("_used", used, "ratio");
  print("_others", disturbed, "share");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_quota"};
  auto& rounds = given.add("rounds", 5, "of each case");
  auto& length = given.add("milliseconds", 2000, "to ask, twice a round");
  if (auto code = given.read(argc, argv))
    return *code;
  std::chrono::milliseconds time{length};
  measure("neighbour", plain, "1ms", 1, rounds, time);
  measure("neighbour", plain, "50ms", 50, rounds, time);
  measure("neighbour", plain, "endless", 0, rounds, time);
  measure("busy", busy, "1ms", 1, rounds, time);
  measure("busy", busy, "50ms", 50, rounds, time);
  measure("busy", busy, "endless", 0, rounds, time);
}
