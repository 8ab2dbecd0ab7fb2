#pragma once

#include <bulwark/events/emitter.hpp>

#include <chrono>

namespace bulwark::detail {

/// Returns the time that events are stamped with; the machine's, where nobody
/// hears of them.
inline wall_time wall_now(const emitter& events) {
  if (events.heard())
    return events.time();
  return std::chrono::time_point_cast<std::chrono::microseconds>(
    std::chrono::system_clock::now());
}

} // namespace bulwark::detail
