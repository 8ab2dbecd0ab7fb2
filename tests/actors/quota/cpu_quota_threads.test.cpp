#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>
#include <bulwark/detail/control.hpp>
#include <bulwark/message_types.hpp>
#include <bulwark/monitor.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/quota/detail/thread_clock.hpp>
#include <bulwark/replica_factory.hpp>
#include <bulwark/supervisor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include <sys/syscall.h>
#include <unistd.h>

// CPU quotas on real threads. Figures are CPU time, which does not depend on
// what else the machine does, and upper bounds.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using spin_atom = caf::atom_constant<caf::atom("spin")>;

duration thread_time() {
  return detail::thread_clock{}.read();
}

/// Uses so much CPU time.
void burn(duration cpu) {
  auto end = thread_time() + cpu;
  while (thread_time() < end) {
  }
}

/// What the handlers of a service tell of themselves.
struct shop {
  std::atomic<bool> open{false};
  std::mutex lock;
  std::set<long> threads;
  std::vector<event> events;

  void enter() {
    std::lock_guard guard{lock};
    threads.insert(syscall(SYS_gettid));
  }

  /// What the kernel says that their threads have used, those that live.
  duration kernel_time() {
    std::lock_guard guard{lock};
    auto sum = duration::zero();
    for (auto id : threads) {
      std::ifstream in{"/proc/self/task/" + std::to_string(id) + "/stat"};
      std::string text;
      std::getline(in, text);
      std::istringstream fields{text.substr(text.rfind(')') + 1)};
      std::string skipped;
      for (int i = 0; i < 11; ++i)
        fields >> skipped;
      int64_t user = 0;
      int64_t system = 0;
      fields >> user >> system;
      sum += (user + system) * duration{1s} / sysconf(_SC_CLK_TCK);
    }
    return sum;
  }

  std::vector<event> all(event_kind kind) {
    std::lock_guard guard{lock};
    std::vector<event> result;
    for (const auto& what : events)
      if (what.kind == kind)
        result.push_back(what);
    return result;
  }
};

using shop_ptr = std::shared_ptr<shop>;

caf::behavior plain(caf::event_based_actor*, const shop_ptr& at) {
  return {[=](int ms) {
            at->enter();
            burn(std::chrono::milliseconds{ms});
            return ms;
          },
          [=](spin_atom) {
            at->enter();
            while (!at->open) {
            }
            return 0;
          }};
}

void blocking(caf::blocking_actor* self, const shop_ptr& at) {
  bool running = true;
  self->receive_while(running)(
    [=](int ms) {
      at->enter();
      burn(std::chrono::milliseconds{ms});
      return ms;
    },
    [=](spin_atom) {
      at->enter();
      while (!at->open) {
      }
      return 0;
    });
}

caf::actor_system_config& with_types(caf::actor_system_config& config) {
  add_message_types(config);
  return config;
}

/// A service within a quota of so much in 100 ms, with what it needs.
class stage {
public:
  explicit stage(size_t replicas = 1, bool blocks = false,
                 duration hung_after = 60s, duration granted = 20ms)
    : system_(with_types(config_)),
      monitor_(spawn_monitor(system_, heard())),
      quota(system_, "reports", {.quota = granted, .period = 100ms},
            monitor_.events),
      gate_(system_, {.service = "s",
                      .options = {.timeout = 1min},
                      .events = monitor_.events}),
      self(system_) {
    gate_.declare_replicas(replicas);
    supervisor_settings settings;
    settings.path = "/root/s";
    settings.abandon_after = 20ms;
    settings.events = monitor_.events;
    for (size_t i = 0; i < replicas; ++i) {
      child_spec spec;
      auto index = static_cast<uint8_t>(i);
      spec.id = "s#" + std::to_string(i + 1);
      spec.restart = {.initial = 1ms};
      spec.hung_after = hung_after;
      spec.start = start_behind(gate_, index,
                                blocks ? make_replica_factory(blocking, at)
                                       : make_replica_factory(plain, at),
                                {.quota = quota});
      spec.on_change = [index, to = gate_](const child_change& change) {
        to.replica_changed(index, change);
      };
      settings.children.push_back(std::move(spec));
    }
    top_ = spawn_supervisor(system_, std::move(settings));
  }

  ~stage() {
    at->open = true;
    stop();
    gate_.stop();
    quota.stop();
    caf::anon_send(monitor_.handle, detail::stop_actor{});
    self->wait_for(monitor_.handle);
  }

  /// Returns how long it took.
  duration stop() {
    auto start = std::chrono::steady_clock::now();
    if (top_) {
      caf::anon_send(top_, detail::stop_actor{});
      self->wait_for(top_);
      top_ = nullptr;
    }
    return std::chrono::steady_clock::now() - start;
  }

  template <class T>
  auto ask(T what) {
    return self->request(gate_.handle(), caf::infinite, what);
  }

  template <class T>
  void send(T what) {
    caf::anon_send(gate_.handle(), what);
  }

  caf::error answer(int ms) {
    caf::error result;
    ask(ms).receive([](int) {}, [&](caf::error& x) { result = x; });
    return result;
  }

  /// Returns whether `done` within 30 s.
  bool await(const std::function<bool()>& done) {
    auto end = std::chrono::steady_clock::now() + 30s;
    while (!done())
      if (std::chrono::steady_clock::now() > end)
        return false;
      else
        std::this_thread::yield();
    return true;
  }

  const caf::actor& supervisor() const { return top_; }

private:
  monitor_options heard() const {
    monitor_options result;
    result.node = "alpha";
    result.boot = 1;
    result.now = [] {
      return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
    };
    result.sink = [to = at](const event& what, event_origin) {
      std::lock_guard guard{to->lock};
      to->events.push_back(what);
    };
    return result;
  }

  caf::actor_system_config config_;

public:
  shop_ptr at = std::make_shared<shop>();

private:
  caf::actor_system system_;
  running_monitor monitor_;

public:
  cpu_quota quota;

private:
  gate gate_;
  caf::actor top_;

public:
  caf::scoped_actor self;
};

void check_agrees(const cpu_quota_stats& told, duration kernel) {
  INFO("told " << told.usage.count() << ", kernel " << kernel.count());
  // The kernel's figure is cut to hundredths of a second, of up to two
  // clocks for each thread.
  auto off = kernel / 20 + 20ms * std::max<uint64_t>(told.threads, 1);
  CHECK(told.usage >= kernel - off);
  CHECK(told.usage <= kernel + off);
}

} // namespace

TEST_CASE("handlers of 1 ms and of 50 ms get the quota and no more",
          "[quota][threads]") {
  auto [ms, times] = GENERATE(table<int, int>({{1, 500}, {50, 10}}));
  auto blocks = GENERATE(false, true);
  stage it{1, blocks};
  auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i)
    REQUIRE_FALSE(it.answer(ms));
  auto took = std::chrono::steady_clock::now() - start;
  auto told = it.quota.stats();
  check_agrees(told, it.at->kernel_time());
  CHECK(told.usage >= 500ms);
  // What was used beyond the quota is paid before anything else runs.
  auto allowed = 20ms * (took / 100ms + 2) + std::chrono::milliseconds{ms};
  CHECK(told.usage <= allowed + 20ms);
  CHECK(told.kind == bulkhead_kind::cpu_quota);
  CHECK(told.nr_throttled >= 1);
  CHECK(told.nr_periods >= told.nr_throttled);
  CHECK(told.throttled_time > 0s);
  CHECK(told.utilization_percent > 0);
  CHECK(told.overruns == 0);
  CHECK(told.threads == 1);
}

TEST_CASE("handlers that never return are reported once each, and counted",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  // More of them than processors.
  stage it{4, blocks};
  CHECK(it.await(
    [&] { return it.at->all(event_kind::child_started).size() == 4; }));
  // Some wait behind others.
  for (int i = 0; i < 40; ++i)
    it.send(spin_atom::value);
  CHECK(it.await(
    [&] { return it.at->all(event_kind::quota_overrun).size() == 4; }));
  auto told = it.at->all(event_kind::quota_overrun);
  REQUIRE(told.size() == 4);
  CHECK(told[0].component == "cpu_quota/reports");
  CHECK(told[0].reason.find("has not come back from a handler for")
        != std::string::npos);
  auto stats = it.quota.stats();
  check_agrees(stats, it.at->kernel_time());
  CHECK(stats.overruns == 4);
  CHECK(stats.threads_at_work == 4);
}

TEST_CASE("a replica that waits for its period is stopped at once",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  stage it{1, blocks, 60s, 1ms};
  // Has to be paid for nearly ten seconds.
  REQUIRE_FALSE(it.answer(100));
  it.send(1);
  CHECK(it.await([&] { return it.quota.stats().nr_throttled > 0; }));
  CHECK(it.stop() < 4s);
  CHECK(it.at->all(event_kind::child_abandoned).empty());
}

TEST_CASE("a replica that waits for its period is restarted at once, and the "
          "next one waits too",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  stage it{1, blocks, 60s, 1ms};
  REQUIRE_FALSE(it.answer(100));
  auto start = std::chrono::steady_clock::now();
  it.send(1);
  CHECK(it.await([&] { return it.quota.stats().nr_throttled > 0; }));
  it.self->request(it.supervisor(), caf::infinite, terminate_child{"s#1"})
    .receive([] {}, [](const caf::error& x) { FAIL(describe(x)); });
  it.self->request(it.supervisor(), caf::infinite, restart_child{"s#1"})
    .receive([](const child_info& now) { CHECK(now.incarnation == 2); },
             [](const caf::error& x) { FAIL(describe(x)); });
  CHECK(std::chrono::steady_clock::now() - start < 4s);
  CHECK_FALSE(it.answer(1));
  CHECK(std::chrono::steady_clock::now() - start > 5s);
}

TEST_CASE("who takes the place of one that never returns does not pay for it",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  stage it{1, blocks, 300ms};
  it.send(spin_atom::value);
  CHECK(it.await(
    [&] { return it.at->all(event_kind::child_abandoned).size() == 1; }));
  CHECK_FALSE(it.answer(1));
  auto before = it.quota.stats();
  CHECK(it.await([&] {
    return it.quota.stats().abandoned_usage > before.abandoned_usage + 100ms;
  }));
  CHECK_FALSE(it.answer(1));
  auto told = it.quota.stats();
  CHECK(told.threads == 2);
  check_agrees(told, it.at->kernel_time());
}
