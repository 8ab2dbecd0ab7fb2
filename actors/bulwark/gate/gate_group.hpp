#pragma once

#include <bulwark/redundancy/usage_options.hpp>

namespace bulwark {

/// The replicas of a gate's service on this node as a whole: which of them get
/// requests, and what is told of them.
///
/// Immutable after construction.
struct gate_group {
  usage_options usage{};

  /// Of the outages of a service with standbys, which its gate tells of; see
  /// `child_spec`.
  int severity_shift = 0;
};

} // namespace bulwark
