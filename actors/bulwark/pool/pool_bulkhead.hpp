#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>

namespace bulwark {

/// Returns what the bulkhead of a pool is made with unless it is told
/// otherwise: 100 may wait. Not inline, because GCC 12 takes an empty map that
/// it sees being made for one that was not.
bulkhead_options pool_bulkhead();

} // namespace bulwark
