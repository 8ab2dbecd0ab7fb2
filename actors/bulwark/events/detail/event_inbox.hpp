#pragma once

#include <bulwark/containers/detail/mpsc_list.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace bulwark::detail {

/// Tells the monitor that events wait for it.
struct events_waiting {};

/// An event that waits, made larger than 256 bytes: jemalloc has 16 places of
/// that size in a row and 64 of 320 bytes, which halves what a place costs that
/// another thread gives back (25 ns to 12 ns).
struct waiting_event {
  event what;
  std::array<std::byte, 64> unused;
};

/// Tells the monitor that events were dropped.
struct drops_waiting {};

/// The bounded way into the monitor, which takes all that waits before it
/// handles a message: whoever asks it something after an event was emitted is
/// answered with it. No message is made for each event, only one where nothing
/// waited before.
///
/// Safe to call from any thread, except for what is the monitor's.
class event_inbox {
public:
  /// `now` must be safe to call from any thread. The boot begins now: on the
  /// clock of `system` from here on, at `booted` on the wall.
  event_inbox(caf::actor_system& system, std::function<wall_time()> now);

  /// @pre called once, before anybody else knows of the inbox
  void open(caf::actor_addr monitor);

  /// Hands an event over; its wall-clock time is the monitor's to fill in.
  void put(event&& what) noexcept;

  /// Calls `handle` for each event that waits, in their order. For the monitor
  /// alone.
  template <class Handle>
  void take_all(const Handle& handle) {
    auto taken = waiting_.take_all();
    while (auto next = taken.take_first())
      handle(std::move(next->value.what));
  }

  /// Swallows all that comes from here on. For the monitor alone, at its end.
  void close() noexcept { closed_.store(true, std::memory_order_relaxed); }

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
  bool keep(event&& what, size_t places);
  void wake() noexcept;
  void drop(bool is_change) noexcept;

  caf::actor_system& system_;
  std::function<wall_time()> now_;
  wall_time booted_;
  time_point began_;

  // Weak, because the monitor itself emits.
  caf::actor_addr monitor_;
  std::atomic<uint64_t> dropped_changes_{0};
  std::atomic<uint64_t> dropped_others_{0};
  std::atomic<bool> told_{false};
  std::atomic<bool> closed_{false};

  // On a line of memory of its own: who emits writes it, and reads the others.
  alignas(64) mpsc_list<waiting_event> waiting_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::events_waiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::drops_waiting)
