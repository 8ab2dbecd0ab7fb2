#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

namespace bulwark::detail {

/// The timer of a CPU quota went off.
struct quota_tick {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::quota_tick)
