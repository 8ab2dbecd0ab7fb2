#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/caf/content_type.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/gate_options.hpp>

#include <set>
#include <string>
#include <vector>

namespace bulwark {

/// What a gate is made with.
///
/// Immutable after construction.
struct gate_settings {
  std::string service;

  gate_options options = {};

  emitter events = {};

  /// Where plain sends go that nobody will handle. Without one there is only
  /// the event.
  dead_letter_box letters = {};

  /// The message types of a statically typed service, else empty.
  std::set<std::string> types = {};

  /// Messages that begin with one of these types are idempotent, whatever
  /// their clients say: `content_type_of<get_price>()`.
  std::vector<content_type> idempotent = {};

  /// The compartment that the service's work on this node is done in. None:
  /// as much as comes.
  bulwark::bulkhead bulkhead = {};

  /// Replicas block their threads: each request goes to one that is idle, if
  /// any is.
  bool one_each = false;
};

} // namespace bulwark
