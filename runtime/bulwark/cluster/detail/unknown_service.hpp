#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/gate.hpp>

#include <string>
#include <vector>

namespace bulwark::detail {

/// A name of a service that was used and that nobody has declared.
struct unknown_service {
  /// Which node says so.
  std::string component;

  std::string service;

  /// The names that are known.
  std::vector<std::string> known;

  emitter events;
};

/// Says so in an event, and makes its gate answer so.
void tell_unknown(const unknown_service& what, const gate& which);

} // namespace bulwark::detail
