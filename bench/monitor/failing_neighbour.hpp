#pragma once

#include "support/load.hpp"

#include <bulwark/events/event_store.hpp>

#include <memory>

namespace bench {

/// Returns how many requests a service answers per second behind its gate,
/// beside another one that crashes about a hundred times per second. Each crash
/// and each restart is an event that goes into `store`, or with null into
/// memory.
double rate_beside_failures(std::shared_ptr<bulwark::event_store> store,
                            const load& with);

} // namespace bench
