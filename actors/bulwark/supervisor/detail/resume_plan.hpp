#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/supervision/failure_rule.hpp>

#include <string>
#include <vector>

namespace bulwark::detail {

/// What a replica needs to know to survive its own exceptions.
///
/// Immutable after construction.
struct resume_plan {
  std::vector<failure_rule> rules;

  /// The path under which it tells of messages that failed, and where to.
  std::string component;
  emitter events;
};

} // namespace bulwark::detail
