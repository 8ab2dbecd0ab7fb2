#pragma once

#include <bulwark/gate/detail/slot.hpp>

#include <caf/actor_control_block.hpp>

#include <atomic>
#include <cstdint>

namespace bulwark::detail {

/// One slot of a gate: a local replica's or another node's.
struct gate_slot {
  slot door;

  /// Changed only while the door is closed and nobody holds it, with the lock
  /// of the waiting line.
  caf::strong_actor_ptr handle;
  uint64_t incarnation = 0;

  /// The newest incarnation that died or was abandoned.
  std::atomic<uint64_t> dead{0};

  /// The newest one that takes nothing new, though it answers what it has.
  std::atomic<uint64_t> drained{0};

  /// Whether that incarnation is to be given nothing, or nothing more.
  bool closed_for(uint64_t which) const noexcept {
    return dead.load(std::memory_order_relaxed) >= which
           || drained.load(std::memory_order_relaxed) >= which;
  }
};

} // namespace bulwark::detail
