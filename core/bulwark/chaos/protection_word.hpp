#pragma once

#include <bulwark/events/event.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// Returns the word for the protection that an event shows to have acted:
///
///     restart    a replica was started again
///     failover   a service was taken over, a role gained, or a standby
///                promoted
///     breaker    a circuit breaker opened
///     bulkhead   a compartment filled up, or was closed
///     ejection   a replica that answers badly or late gets nothing
///     hung       a replica that hung was found and abandoned
///     cool_down  a replica beyond its limit was left alone
///     peer_watch a node was noticed as lost
///     journal    the journal went on without its disk
///     alert      a person was told
///     warning    it was foreseen
///
/// Nothing: none has.
[[nodiscard]] std::optional<std::string_view>
protection_of(const event& what) noexcept;

[[nodiscard]] bool is_protection_word(std::string_view word) noexcept;

/// Returns all of them, for error texts.
std::string protection_words();

} // namespace bulwark
