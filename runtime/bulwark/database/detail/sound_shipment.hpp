#pragma once

#include <bulwark/database/member_calls.hpp>

#include <cstddef>

namespace bulwark::detail {

/// Whether another member than `self` of so many may have sent it: what comes
/// over a network is checked before anything relies on it. Epochs and places
/// are below 2^62, so that none of them overflows.
bool is_sound(const member_ask& what, size_t self, size_t members);
bool is_sound(const replica_shipment& what, size_t self, size_t members);

} // namespace bulwark::detail
