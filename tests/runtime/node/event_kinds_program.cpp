// A node in which, one after the other, all that happens of which one node
// alone tells. Then it floods its monitor and its log, which the recovery of
// `flood` follows, and goes on until it is told to stop, which one of its
// replicas refuses.

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulwark.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/pool/thread_pool.hpp>
#include <bulwark/protection/guard.hpp>

#include <caf/blocking_actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// By how much the wall clock of this process was set.
std::atomic<time_t> clock_step{0};

/// Bulkheads that are filled, one after the other, until one was foreseen.
constexpr int silos = 10;

std::atomic<bool> server_away{true};
std::atomic<bool> tasks_may_end{false};

caf::behavior fragile(caf::event_based_actor*) {
  return {[](const std::string& word) -> std::string {
    throw std::runtime_error{"cannot stand " + word};
  }};
}

// The first one of two answers with errors.
caf::behavior picky(caf::event_based_actor*) {
  static std::atomic<int> started{0};
  auto bad = started++ == 0;
  return {[bad](int x) -> caf::result<int> {
    if (bad)
      return caf::make_error(caf::sec::runtime_error, "does not like it");
    return x;
  }};
}

caf::behavior busy(caf::event_based_actor*) {
  return {[](int) {
    auto end = std::chrono::steady_clock::now() + 300ms;
    while (std::chrono::steady_clock::now() < end)
      ;
  }};
}

// Never comes back from its first message.
void stuck(caf::blocking_actor* self) {
  self->receive([](const std::string&) {
    for (;;)
      ::pause();
  });
}

struct connector {
  using connection = int;

  std::unique_ptr<int> open() const {
    if (server_away)
      throw std::runtime_error{"the server is away"};
    return std::make_unique<int>(1);
  }

  bool validate(int&) const { return true; }
};

/// Causes events in a thread of its own, and looks in the monitor for them.
class director {
public:
  explicit director(bulwark::node& of) : node_(of), self_(of.system()) {}

  void run() {
    break_replicas();
    use_bulkhead();
    use_pools();
    use_guard();
    use_groups();
    fill_silos();
    set_clock();
    fill_disk();
    await("alert_raised");
    flood_monitor();
    flood_log();
  }

private:
  bool has_seen(const std::string& kind) {
    bool seen = false;
    self_
      ->request(node_.monitor(), caf::infinite,
                recent_events_request{1'000, node_.name()})
      .receive(
        [&](const recent_events& x) {
          for (const auto& each : x.events)
            seen = seen || to_string(each.kind) == kind;
        },
        [](const caf::error&) {});
    return seen;
  }

  /// Waits until an event of that kind has happened.
  void await(const std::string& kind) {
    while (!has_seen(kind))
      std::this_thread::yield();
  }

  template <class T>
  void ask(const caf::actor& whom, T what) {
    self_->request(whom, caf::infinite, std::move(what))
      .receive([](const caf::message&) {}, [](const caf::error&) {});
  }

  static void acquire(caf::scoped_actor& self, const caf::actor& room,
                      acquire_permits what) {
    self->request(room, caf::infinite, std::move(what))
      .receive([](const permit&) {}, [](const caf::error&) {});
  }

  void send(const std::string& service) {
    caf::anon_send(node_.gate(service), std::string{"noise"});
  }

  void break_replicas() {
    node_.record_failure_event("disk", "disk_full");
    node_.record_recovery_event("disk", "failover", 5ms);
    send("fragile");
    await("dead_letter");
    await("service_up");
    send("resumed");
    await("message_failed");
    send("grouped");
    await("restart_scheduled");
    for (int i = 0; i < 4; ++i)
      send("doomed");
    await("child_gave_up");
    for (int i = 0; i < 8; ++i)
      send("ruined");
    await("supervisor_failed");
    send("stuck");
    caf::anon_send(node_.gate("busy"), 1);
    await("quota_overrun");
    caf::anon_send(node_.monitor(), std::string{"nonsense"});
    await("message_refused");
  }

  void use_bulkhead() {
    auto room = node_.find_bulkhead("room").handle();
    acquire(self_, room, {.amount = 4, .lease = 20ms});
    await("lease_expired");
    {
      caf::scoped_actor other{node_.system()};
      acquire(other, room, {});
    }
    await("permits_reclaimed");
    ask(room, resize_bulkhead{.capacity = 5, .reserved_for_critical = 0});
    ask(room, isolate_bulkhead{isolation::all, "to see"});
    ask(room, isolate_bulkhead{isolation::none, "seen"});
    ask(room, drain_bulkhead{"the end"});
    await("bulkhead_drained");
  }

  void use_pools() {
    thread_pool_settings threads;
    threads.name = "tasks";
    threads.threads.stuck_after = 20ms;
    threads.events = node_.events();
    thread_pool reported{node_.system(), threads};
    threads.name = "replaced";
    threads.threads.replace_stuck = true;
    thread_pool replaced{node_.system(), threads};
    for (const auto& pool : {reported, replaced})
      self_->send(pool.handle(), pool_task{[] {
                    while (!tasks_may_end)
                      std::this_thread::yield();
                  }});
    await("task_stuck");
    await("worker_replaced");
    tasks_may_end = true;
    reported.stop();
    replaced.stop();

    connection_pool_settings connections;
    connections.name = "server";
    connections.connections.backoff_initial = 10ms;
    connections.connections.backoff_max = 10ms;
    connections.connections.leak_after = 20ms;
    connections.events = node_.events();
    connection_pool<connector> server{node_.system(), connections, {}};
    server.acquire(nullptr, {.wait = 50ms});
    await("connection_lost");
    server_away = false;
    {
      auto kept = server.acquire(nullptr);
      await("connection_restored");
      await("connection_leaked");
    }
    server.stop();
  }

  void use_guard() {
    guard_options options;
    options.breaker = {
      .failure_threshold = 1, .recovery_timeout = 1ms, .success_threshold = 1};
    guard api{"api", options, {.events = node_.events()}};
    try {
      api.call([](attempt&) { throw std::runtime_error{"down"}; });
    } catch (const std::runtime_error&) {
    }
    while (api.state() != breaker_state::half_open)
      std::this_thread::yield();
    api.call([](attempt&) {});
    await("breaker_closed");
  }

  void use_groups() {
    for (int i = 0; i < 20; ++i)
      ask(node_.gate("picky"), i);
    await("replica_ejected");
    await("group_panicked");
    await("replica_returned");
    send("paired");
    await("standby_promoted");
    await("failed_back");
    // Something has to wait behind what crashes it.
    while (!has_seen("load_redistributed"))
      for (int i = 0; i < 10; ++i)
        send("paired");
    for (int i = 0; i < 6; ++i)
      send("spent");
    await("replica_failed");
    await("group_exhausted");
  }

  /// One permit after the other, so that it can be foreseen when there is none;
  /// of another one, where a busy machine made no even steps of it: what has
  /// been full before is not warned of again.
  void fill_silos() {
    for (int i = 0; i < silos && !has_seen("warning_settled"); ++i) {
      caf::scoped_actor holder{node_.system()};
      auto silo = node_.find_bulkhead("silo" + std::to_string(i)).handle();
      for (int step = 0; step < 50; ++step) {
        if (step < 40)
          acquire(holder, silo, {});
        auto next = std::chrono::steady_clock::now() + 50ms;
        while (std::chrono::steady_clock::now() < next)
          std::this_thread::yield();
      }
    }
  }

  void set_clock() {
    clock_step = 2;
    await("clock_stepped");
  }

  /// No file may grow, and then they may again.
  void fill_disk() {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit none{1, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
    node_.record_failure_event("disk", "disk_full");
    await("journal_failed");
    ::setrlimit(RLIMIT_FSIZE, &before);
    await("journal_recovered");
  }

  uint64_t dropped() {
    uint64_t result = 0;
    self_->request(node_.monitor(), caf::infinite, event_counts_request{})
      .receive([&](const event_counts& x) { result = x.dropped; },
               [](const caf::error&) {});
    return result;
  }

  /// More than waits for the monitor, of a kind that is told of in sums.
  void flood_monitor() {
    while (dropped() == 0)
      for (size_t i = 0; i < 2 * emitter::waiting_max; ++i) {
        event what;
        what.kind = event_kind::message_failed;
        what.component = "flood";
        node_.events().emit(std::move(what));
      }
  }

  /// Twice what waits for the log while nobody reads it: 8,192 lines, and
  /// 13,000 of 81 bytes in the pipe of a megabyte.
  void flood_log() {
    for (int i = 0; i < 42'000; ++i) {
      node_.record_failure_event("flood", "flood");
      if (i % 1'000 == 0)
        dropped();
    }
    node_.record_recovery_event("flood", "failover", 1ms);
  }

  bulwark::node& node_;
  caf::scoped_actor self_;
};

void declare(bulwark::node& node) {
  restart_options soon{.initial = 1ms, .max = 1ms, .intensity = 1'000};
  auto never_mind = soon;
  never_mind.intensity = 1;
  node.service("fragile", fragile).restart(soon);
  node.service("resumed", fragile)
    .on_failure({{"std::runtime_error", failure_directive::resume}});
  node.service("grouped", fragile)
    .replicas(2)
    .strategy(restart_strategy::one_for_all)
    .restart(soon);
  group_options back_at_once{
    .policy = fail_back::preferred, .fail_back_after = 1ms, .reset_after = 0s};
  node.service("paired", fragile).standby(1, back_at_once).restart(soon);
  node.service("spent", fragile).standby(1).restart(never_mind);
  node.service("picky", picky)
    .replicas(2)
    .balance(balancing_strategy::round_robin)
    .ejection({.length = 20ms, .panic_below = 1});
  node.service("doomed", fragile).restart(never_mind);
  node.service("ruined", fragile).restart(soon).supervisor({.intensity = 2});
  node.service("stuck", stuck).blocking().restart({.shutdown = 50ms});
  node.cpu_quota(
    "little",
    {.quota = 1ms, .period = 10ms, .overrun_after = 50ms, .pause_max = 10ms});
  node.service("busy", busy).cpu_quota("little");
  node.bulkhead("room", {.capacity = 4});
  for (int i = 0; i < silos; ++i)
    node.bulkhead("silo" + std::to_string(i), {.capacity = 40});
  node.role("cleaner");
  auto directs = std::make_shared<std::thread>();
  for (auto name : {"fragile", "resumed", "grouped", "doomed", "ruined",
                    "stuck", "busy", "picky", "paired", "spent"})
    node.gate(name);
  node.on_start([&node, directs] {
    *directs = std::thread{[&node] { director{node}.run(); }};
  });
  node.on_stop([directs] { directs->join(); });
}

} // namespace

/// The clock that all of the process look at.
extern "C" int clock_gettime(clockid_t which, timespec* into) noexcept {
  auto code = static_cast<int>(::syscall(SYS_clock_gettime, which, into));
  if (code == 0 && which == CLOCK_REALTIME)
    into->tv_sec += clock_step;
  return code;
}

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, declare);
}
