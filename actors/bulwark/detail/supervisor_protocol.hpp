#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>

namespace bulwark::detail {

// What a supervisor tells itself. What comes late does nothing.

/// The earliest of the times that the supervisor waits for has come.
struct time_is_up {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::time_is_up)
