#pragma once

#include <bulwark/chaos/fault_leases.hpp>
#include <bulwark/time/time.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace bulwark::detail {

/// The faults that are lent to a service on this node: to its replicas and to
/// its gate. Those who handle messages and let calls in ask what strikes them;
/// nothing else makes a fault happen, so that one whose lease is over does
/// nothing.
///
/// Safe to call from any thread.
class fault_port {
public:
  explicit fault_port(caf::actor_system& sys) : sys_(sys) {}

  fault_port(const fault_port&) = delete;
  fault_port& operator=(const fault_port&) = delete;

  /// Whether anything may strike: asked before each message, without a lock.
  bool armed() const noexcept { return armed_.load(std::memory_order_relaxed); }

  /// As `fault_leases::grant`. `at` are replicas, which a fault of a gate does
  /// not look at. What strikes follows from `random`.
  [[nodiscard]] std::optional<std::string> lend(const std::string& id,
                                                const fault& what,
                                                fault_leases::places at,
                                                uint64_t random);

  /// Returns whether it lasts.
  bool renew(const std::string& id);
  bool lasts(const std::string& id);

  /// Ends a fault; whoever it holds goes on at once.
  void lift(const std::string& id);

  /// Returns what strikes the message that this replica handles next.
  [[nodiscard]] std::optional<fault_strike> strike(size_t replica);

  /// Whether the gate is to refuse the call that comes next.
  [[nodiscard]] bool refuses();

  /// Keeps the calling thread, as a handler does that is slow or hangs: for
  /// `by.what.delay`, or as long as the fault lasts where that is 0; not longer
  /// than it does in any case, and not when `given_up` is true, which is asked
  /// every `look_every`.
  void hold(const fault_strike& by, const std::function<bool()>& given_up);

  /// Keeps the calling thread for that long, as work does.
  void keep(duration length, const std::function<bool()>& given_up);

  static constexpr std::chrono::milliseconds look_every{10};

private:
  time_point now() const;
  void note_armed();

  caf::actor_system& sys_;
  std::atomic<bool> armed_{false};
  std::mutex lock_;
  std::condition_variable lifted_;
  fault_leases at_replicas_;
  fault_leases at_gate_;
  uint64_t random_ = 0;
};

} // namespace bulwark::detail
