#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/protection/call_end.hpp>

namespace bulwark {

/// What it means to a circuit breaker that a call ended with one of our errors:
/// a failure where the service crashed, hung, was late, lost or out of reach;
/// nothing where the call was refused before it reached the service, or was
/// wrong itself. A code that has no name yet is a failure, as is every error
/// of a service's own.
[[nodiscard]] call_outcome outcome_of(errc code) noexcept;

/// Returns whether a call that ended so was handled by nobody, so that it may
/// be tried again even where handling it twice would do harm.
[[nodiscard]] bool was_never_handled(errc code) noexcept;

} // namespace bulwark
