#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/time/time.hpp>
#include <bulwark/warning/early_warning.hpp>
#include <bulwark/warning/warning_options.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bulwark {

/// What the watch over a node's figures is made with.
///
/// Immutable after construction.
struct warning_watch_settings {
  warning_options options = {};

  /// How often figures are taken: 10 ms or longer.
  duration every = std::chrono::seconds{10};

  /// Returns the figures of this moment. Called in the watch's thread; what it
  /// throws is ignored. Must be set.
  std::function<std::vector<resource_sample>()> samples = {};

  /// Returns the p99 of services since it was called before, and the longest
  /// silence of other nodes, each by what it is of. As `samples`; optional.
  std::function<std::map<std::string, duration>()> latencies = {};
  std::function<std::map<std::string, duration>()> silences = {};

  emitter events = {};

  /// On a thread of its own: reading figures may take as long as a disk does.
  bool detached = true;
};

/// Tells a watch that a replica has failed, which may do so `limit` times
/// within `period`.
struct failure_seen {
  std::string component;
  uint32_t limit = 0;
  duration period{};
};

/// Starts the actor that takes figures, foresees by `early_warning`, and tells
/// of each warning by the events `warning_raised` and `warning_settled`, of the
/// component that the figure is of. It takes `failure_seen`, and is ended by
/// its node only.
/// @throws std::invalid_argument if a setting breaks its rule
caf::actor spawn_warning_watch(caf::actor_system& sys,
                               warning_watch_settings settings);

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::failure_seen)
