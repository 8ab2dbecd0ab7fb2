#pragma once

#include <bulwark/options/detail/caf_settings.hpp>

#include <cstddef>

namespace bulwark::detail {

/// How the actor system of a node is set up: our message types and errors
/// known, the network loaded, no actor allowed to hold a thread for long.
class system_config : public caf_settings {
public:
  system_config();

  /// What nodes must agree on to talk to each other.
  static constexpr const char* protocol = "bulwark/1";

  /// Messages that an actor handles before others get their turn.
  static constexpr size_t throughput_max = 100;
};

} // namespace bulwark::detail
