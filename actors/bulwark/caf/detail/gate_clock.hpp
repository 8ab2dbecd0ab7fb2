#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

namespace bulwark::detail {

/// The time, cheap enough to be read once per request: the kernel's coarse
/// monotonic clock, which is the steady clock as of its last tick. Reading
/// that one exactly costs four times as much, up to a tenth of a request.
///
/// Rounded up by one tick, so that a deadline counted from it is never early.
/// In a system with virtual time it shows that.
///
/// Safe to call from any thread.
class gate_clock {
public:
  explicit gate_clock(caf::actor_system& sys);

  time_point now() const noexcept;

  /// Not rounded: for who measures.
  time_point exact() const noexcept { return sys_.clock().now(); }

private:
  caf::actor_system& sys_;

  /// Zero in a system with virtual time.
  duration resolution_{0};
};

} // namespace bulwark::detail
