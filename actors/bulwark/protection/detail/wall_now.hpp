#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/protection/guard_clock.hpp>

namespace bulwark::detail {

/// Returns the time that events are stamped with; the machine's, where nobody
/// hears of them.
inline wall_time wall_now(const emitter& events) {
  return events.heard() ? events.time() : guard_clock::real().wall_now();
}

} // namespace bulwark::detail
