#pragma once

#include <bulwark/text/detail/plain_line.hpp>

namespace bulwark::detail {

/// Adds whose handler this thread is in, "service orders, replica 1,
/// incarnation 3", or returns false where it is in none. Reads what the thread
/// keeps anyway; takes no lock and no memory, so that a signal handler can
/// call it.
bool add_running_service(plain_line& line) noexcept;

/// Adds the type of the message that it handles. After a crash the message may
/// be gone: this may crash itself.
/// @pre `add_running_service` returned true
void add_current_message(plain_line& line) noexcept;

} // namespace bulwark::detail
