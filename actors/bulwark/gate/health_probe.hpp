#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

namespace bulwark {

/// What a gate asks its replicas where there are probes (probe_options.hpp).
/// A service may have a handler for it that looks at what it depends on, and
/// returns nothing, or an error that says what is wrong:
///
///     [=](bulwark::health_probe) -> caf::result<void> {
///       if (!disk.writable())
///         return caf::make_error(caf::sec::runtime_error, "disk is full");
///       return caf::unit;
///     }
///
/// Of one that has none it is answered as soon as it comes to its messages. It
/// cannot be serialised: no other process can send one.
///
/// Immutable after construction.
struct health_probe {};

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::health_probe)
