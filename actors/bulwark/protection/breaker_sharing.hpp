#pragma once

#include <bulwark/protection/breaker_notice.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace bulwark {

/// How the circuit breaker of a gate hears of those of other nodes' gates for
/// the same service, see `breaker_options::cluster_wide`.
///
/// Immutable after construction.
struct breaker_sharing {
  /// This node, and a number that is larger with each start of it.
  std::string node = {};
  uint64_t boot = 0;

  /// Tells all other nodes, whose breakers are given it by `heard`. What is
  /// lost, late, repeated or out of order does no harm. Called from any thread,
  /// one at a time. Null: the breaker is alone.
  std::function<void(const breaker_knowledge&)> tell = nullptr;
};

} // namespace bulwark
