#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

namespace bulwark::detail {

/// The timer of a bulkhead went off.
struct bulkhead_tick {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::bulkhead_tick)
