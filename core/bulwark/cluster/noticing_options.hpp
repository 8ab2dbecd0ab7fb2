#pragma once

#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// When a node that is not heard any more is taken for lost.
///
/// Immutable after construction.
struct noticing_options {
  /// How often a node sends something to each other one.
  duration beat = std::chrono::seconds{1};

  /// A node is suspect when its silence would happen by chance with a
  /// probability of less than 10 to the power of minus this.
  double phi_max = 8;

  /// So many of the last times between two arrivals count.
  size_t samples_max = 1000;

  /// Arrivals that are more regular than this are taken for as irregular.
  duration deviation_min = std::chrono::milliseconds{100};

  /// So much longer than usual a silence may be in any case.
  duration pause = std::chrono::seconds{3};

  /// A node whose own beat comes later than this doubts itself.
  duration late = std::chrono::milliseconds{500};

  /// Limits are stretched at most by one more than this.
  uint32_t doubt_max = 7;

  /// From so many nodes on, with itself and the one that is suspect, a node
  /// asks up to `others_asked` others, which have `opinion_time` to answer. The
  /// suspect is lost if one of them does not reach it and none does.
  size_t opinion_nodes = 4;
  size_t others_asked = 3;
  duration opinion_time = std::chrono::seconds{1};

  /// A node that was away for so long is no member any more.
  duration forget_after = std::chrono::hours{72};
};

} // namespace bulwark
