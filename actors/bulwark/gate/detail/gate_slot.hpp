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

  /// Of another node: whether it is suspect, whether the service takes nothing
  /// new there, and how much each replica there has to do.
  std::atomic<bool> suspect{false};
  std::atomic<bool> down{false};
  std::atomic<uint32_t> told_load{0};

  /// Requests go to the least of those whose doors are open.
  unsigned rank() const noexcept {
    return (suspect.load(std::memory_order_relaxed) ? 1u : 0u)
           + (down.load(std::memory_order_relaxed) ? 2u : 0u);
  }

  /// Whether it counts as up.
  bool counts() const noexcept {
    return door.is_open() && !down.load(std::memory_order_relaxed);
  }

  /// What a request sent there comes on top of.
  uint64_t cost() const noexcept {
    return uint64_t{door.load()} + told_load.load(std::memory_order_relaxed);
  }

  static constexpr unsigned ranks = 4;

  /// Whether that incarnation is to be given nothing, or nothing more.
  bool closed_for(uint64_t which) const noexcept {
    return dead.load(std::memory_order_relaxed) >= which
           || drained.load(std::memory_order_relaxed) >= which;
  }
};

} // namespace bulwark::detail
