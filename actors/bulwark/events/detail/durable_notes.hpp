#pragma once

#include <bulwark/events/event_position.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// Tells the monitor that more events are durable.
struct durable_waiting {};

/// Collects from a store which positions have become durable, and wakes the
/// monitor once for all that is collected until it looks.
///
/// Safe to call from any thread.
class durable_notes {
public:
  explicit durable_notes(caf::actor_addr monitor)
    : monitor_(std::move(monitor)) {}

  /// The latest position of an origin replaces those before it.
  void put(const std::vector<event_position>& moved);

  /// Returns what was put since the last call.
  std::vector<event_position> take();

private:
  // Weak: the store outlives the monitor.
  caf::actor_addr monitor_;
  std::mutex lock_;
  std::map<std::pair<std::string, uint64_t>, uint64_t> moved_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::durable_waiting)
