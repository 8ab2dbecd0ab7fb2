#pragma once

#include <bulwark/time/time.hpp>

#include <caf/error.hpp>

#include <cstdint>
#include <optional>

namespace bulwark {

// What a gate's errors say for programs beside their words, whatever their
// category is. It travels between nodes.

/// After how long a call may be worth another try, where what refused it knows:
/// an open circuit breaker.
std::optional<duration> retry_after_of(const caf::error& err);

/// Returns `err`, which then says so, too. A service that answers an error of
/// its own so asks to be left alone: its circuit breaker opens for that long,
/// within `breaker_options::busy_max`, and no gate tries again before.
caf::error with_retry_after(const caf::error& err, duration length);

/// What a service answers that cannot take more for so long:
/// `return bulwark::busy(30s);` (HTTP: 503 with Retry-After). It is CAF's
/// `runtime_error`.
caf::error busy(duration length);

/// How many attempts the call took that ended so, where a gate has tried it
/// again or its budget has refused to: then it is not tried again above.
std::optional<uint32_t> attempts_of(const caf::error& err);

/// Returns `err`, which then says so, too.
caf::error with_attempts(const caf::error& err, uint32_t attempts);

} // namespace bulwark
