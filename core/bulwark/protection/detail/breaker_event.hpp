#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/protection/breaker_change.hpp>

#include <string>
#include <string_view>

namespace bulwark {

/// Returns the event that tells of a breaker's change: `breaker_opened` also
/// when an operator opens it, `breaker_closed` whenever all calls are let
/// through.
event event_of(std::string component, std::string_view endpoint,
               const breaker_change& change);

} // namespace bulwark
