#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>

namespace bulwark {

/// What a journal knows of one boot of its own node.
struct node_life {
  uint64_t boot = 0;

  /// Wall-clock time at which the boot began.
  wall_time booted{};

  /// The last sign of life: the wall-clock time, and how long the node had run
  /// by the steady clock.
  wall_time last_seen{};
  duration uptime{0};

  /// Whether the node closed its journal; else it was killed, or it crashed.
  bool stopped_cleanly = false;

  friend bool operator==(const node_life&, const node_life&) = default;
};

} // namespace bulwark
