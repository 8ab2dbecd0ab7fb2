#pragma once

#include <bulwark/gate/health_probe.hpp>

#include <string>

namespace bulwark {

// What the service whose handler runs in this thread says of itself. Each
// returns false, and does nothing, outside of a supervised actor, and where its
// gate has neither standbys nor ejection nor probes.

/// It works, but not well, and why, of which 200 bytes are kept: a standby that
/// is well takes over for it; without one it goes on. Until it says otherwise,
/// or ends.
///
/// Safe to call from any thread.
bool report_degraded(std::string reason);

/// It is well again.
///
/// Safe to call from any thread.
bool report_well();

/// Its work, as a share of what it can do: shown as `group_replica::load`. What
/// is no number, or less than 0, is refused.
///
/// Safe to call from any thread.
bool report_load(double share);

} // namespace bulwark
