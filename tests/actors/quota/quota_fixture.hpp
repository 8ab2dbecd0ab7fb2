#pragma once

#include <bulwark/events/monitor.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/quota/cpu_quota.hpp>

#include <caf/all.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace test {

using spin_atom = caf::atom_constant<caf::atom("spin")>;

/// What the handlers of a service tell of themselves, and the events.
///
/// Safe to call from any thread.
struct shop {
  using clock = std::chrono::steady_clock;

  std::atomic<bool> open{false};
  std::mutex lock;
  std::set<pid_t> threads;
  clock::time_point entered;
  std::vector<std::pair<bulwark::event, clock::time_point>> events;

  /// A handler begins.
  void enter();

  /// When the last one did.
  clock::time_point last_entered();

  /// What the kernel says that their threads have used, those that live.
  bulwark::duration kernel_time();

  /// Those that run only where nobody else wants to.
  size_t put_last();

  /// Those that may run only on so many processors.
  size_t kept_to(int processors);

  /// Of that kind, and when they were heard.
  std::vector<std::pair<bulwark::event, clock::time_point>>
  all(bulwark::event_kind kind);
};

using shop_ptr = std::shared_ptr<shop>;

/// A service within a quota of so much in 100 ms, with what it needs, on real
/// threads. Asked with a number it uses so many milliseconds of CPU time; with
/// `spin_atom` it spins until the shop opens.
///
/// Confined to one thread.
class quota_fixture {
public:
  explicit quota_fixture(
    size_t replicas = 1, bool blocks = false,
    bulwark::duration hung_after = std::chrono::seconds{60},
    bulwark::duration granted = std::chrono::milliseconds{20});

  quota_fixture(const quota_fixture&) = delete;
  quota_fixture& operator=(const quota_fixture&) = delete;

  ~quota_fixture();

  /// Returns how long it took.
  bulwark::duration stop();

  template <class T>
  void send(T what) {
    caf::anon_send(gate_.handle(), what);
  }

  /// Asks, and waits for the answer.
  caf::error answer(int ms);

  /// Returns whether `done` within 30 s.
  static bool await(const std::function<bool()>& done);

  /// Returns whether all replicas are up, within 30 s.
  bool await_start();

  /// Whether what the quota tells agrees with the kernel, within 5 %.
  void check_agrees();

  const caf::actor& supervisor() const { return top_; }

private:
  bulwark::monitor_options heard() const;
  bulwark::child_spec replica(uint8_t index, bool blocks,
                              bulwark::duration hung_after);

  caf::actor_system_config config_;
  size_t replicas_;

public:
  shop_ptr at = std::make_shared<shop>();

private:
  caf::actor_system system_;
  bulwark::running_monitor monitor_;

public:
  bulwark::cpu_quota quota;

private:
  bulwark::gate gate_;
  caf::actor top_;

public:
  caf::scoped_actor self;
};

} // namespace test
