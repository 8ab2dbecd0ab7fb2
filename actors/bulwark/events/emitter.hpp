#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <memory>

namespace bulwark {

namespace detail {
class event_inbox;
} // namespace detail

/// Hands events to the monitor of this node. Copies hand them to the same
/// one. One made by default swallows them, and so does every other one once
/// its monitor is gone.
///
/// Never waits: while `waiting_max` events wait for the monitor to take them,
/// further ones are dropped, and it reports how many. It takes all that wait at
/// once, so it handles at most as many besides. `reserved` of the places are
/// for failures and recoveries alone: changes are dropped first.
///
/// Safe to call from any thread.
class emitter {
public:
  static constexpr size_t waiting_max = 10'000;
  static constexpr size_t reserved = 2'000;

  emitter() noexcept = default;

  explicit emitter(std::shared_ptr<detail::event_inbox> inbox) noexcept;

  /// Stamps `what` with the time, cuts its texts to `event::text_max` and
  /// hands it over. Node, boot and sequence are the monitor's to fill in.
  void emit(event&& what) const noexcept;
  void emit(const event& what) const { emit(event{what}); }

  /// Returns the time that events are stamped with; 0 where all are swallowed.
  wall_time time() const;

  /// Returns false when all events are swallowed: making them is idle.
  bool heard() const noexcept { return inbox_ != nullptr; }

private:
  std::shared_ptr<detail::event_inbox> inbox_;
};

} // namespace bulwark
