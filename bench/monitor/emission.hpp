#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>

namespace bench {

/// Returns a failure or a recovery of one of 64 components.
bulwark::event make_event(uint64_t number);

/// Prints what so many threads pay for emitting, beside a bare send of the same
/// events, and how fast the monitor takes them.
void compare_emission(size_t emitters, int64_t rounds, int64_t bursts);

} // namespace bench
