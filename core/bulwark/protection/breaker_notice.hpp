#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// What a node tells the others of its circuit breaker for a service: that it
/// has opened, or that it has found the service well again. Of one origin the
/// one with the highest boot and number counts.
///
/// Immutable after construction.
struct breaker_notice {
  /// Whose breaker it is, and which start of that node: as in events.
  std::string node = {};
  uint64_t boot = 0;

  /// From 1, one more with each notice of that boot.
  uint64_t number = 0;

  bool open = false;

  friend bool operator==(const breaker_notice&,
                         const breaker_notice&) = default;
};

/// What an operator wants of all breakers for a service, wherever it was said.
/// The one with the highest version counts; of two, that of the node whose
/// name comes last.
///
/// Immutable after construction.
struct breaker_order {
  uint64_t version = 0;
  std::string node = {};

  /// Hold them open, or let them decide by themselves again.
  bool forced_open = false;

  friend bool operator==(const breaker_order&, const breaker_order&) = default;
};

/// All that a node knows, for one that it is connected with from now on.
///
/// Immutable after construction.
struct breaker_knowledge {
  /// By the names of their nodes.
  std::vector<breaker_notice> notices = {};
  breaker_order order = {};

  friend bool operator==(const breaker_knowledge&,
                         const breaker_knowledge&) = default;
};

} // namespace bulwark
