#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>

namespace bulwark {

/// What the severity of a failure depends on, as things stand after it.
///
/// Immutable after construction.
struct failure_context {
  /// Replicas of the service that are up.
  size_t up = 0;

  /// Replicas that the service needs to be healthy. 0: not a service, so
  /// that nothing is missing when nothing is up.
  size_t min_healthy = 0;

  /// Restarts of this child within its window, this one included.
  uint32_t restarts_in_window = 0;
};

/// Restarts within the window from which on a failure is `high`.
inline constexpr uint32_t repeated_restarts = 3;

/// Returns how bad an event of this kind is:
///
///     low       a replica failed and its service stayed healthy
///     medium    the service is below `min_healthy`
///     high      no replica is up; the third restart within the window; a
///               child that had to be abandoned; a limit of restarts exceeded
///     critical  failed for good; a supervisor failed; a node was lost
///     info      changes and recoveries
///
/// Messages that failed alone, were refused or became dead letters are `low`,
/// lost events, log lines and warnings `medium`. What a bulkhead tells is `low`
/// at most, but for `medium`: a quota overrun, a leaked connection, a stuck
/// task.
[[nodiscard]] severity severity_of(event_kind kind,
                                   const failure_context& context = {});

/// Returns `level`, moved by `shift` steps: never below `low` nor above
/// `critical`. `info` stays: it is of what is no failure.
[[nodiscard]] severity shifted(severity level, int shift) noexcept;

} // namespace bulwark
