#pragma once

#include <bulwark/events/event.hpp>

namespace bulwark {

/// Returns whether an event that came from outside is one that a monitor
/// could have sent: known kind, level and failure type, a number, and texts
/// and metadata within the limits of `event`.
[[nodiscard]] bool well_formed(const event& what);

} // namespace bulwark
