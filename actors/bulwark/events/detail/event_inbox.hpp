#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace bulwark::detail {

/// One event on its way from an emitter to the monitor, which fills in its
/// wall-clock time.
struct emitted {
  event what;
};

/// Tells the monitor that events were dropped.
struct drops_waiting {};

/// The bounded way into the monitor. What waits sits in the monitor's
/// mailbox; here it is only counted.
///
/// Safe to call from any thread.
class event_inbox {
public:
  /// `now` must be safe to call from any thread. The boot begins now: on the
  /// clock of `system` from here on, at `booted` on the wall.
  event_inbox(caf::actor_system& system, std::function<wall_time()> now);

  /// @pre called once, before anybody else knows of the inbox
  void open(caf::actor_addr monitor);

  void put(event&& what) noexcept;

  /// To be called by the monitor for each event it takes.
  void taken() noexcept { waiting_.fetch_sub(1, std::memory_order_relaxed); }

  /// How many events were dropped.
  struct dropped {
    uint64_t changes = 0;
    uint64_t failures_and_recoveries = 0;
  };

  /// Returns what was dropped since the last call.
  dropped take_dropped() noexcept;

  /// Returns the time as `now` says.
  wall_time time() const { return now_(); }

  /// Stamps an event with its times.
  void stamp(event& what) const;

  wall_time booted() const noexcept { return booted_; }

  /// How long this boot has run, by the steady clock.
  duration uptime() const;

private:
  void send(event&& what);
  void drop(bool is_change) noexcept;

  caf::actor_system& system_;
  std::function<wall_time()> now_;
  wall_time booted_;
  time_point began_;

  // Weak, because the monitor itself emits.
  caf::actor_addr monitor_;
  std::atomic<size_t> waiting_{0};
  std::atomic<uint64_t> dropped_changes_{0};
  std::atomic<uint64_t> dropped_others_{0};
  std::atomic<bool> told_{false};
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::emitted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::drops_waiting)
