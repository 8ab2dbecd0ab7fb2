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

/// Returns `err`, which then says so, too.
caf::error with_retry_after(const caf::error& err, duration length);

} // namespace bulwark
