#pragma once

#include <bulwark/events/event.hpp>

#include <cstdint>

namespace bulwark {

/// What a ledger keeps of an event until its hour is closed. Names are numbers
/// of a `ledger_names`.
struct mark {
  static constexpr int64_t no_downtime = -1;

  /// By the ledger's clock.
  int64_t at = 0;
  uint64_t sequence = 0;
  uint32_t origin = 0;
  uint32_t component = 0;

  /// In microseconds. Of `events_dropped`: how many; of `warning_settled`:
  /// 1 for a hit.
  int64_t downtime = no_downtime;

  /// Of `service_started`: number of what it declares.
  uint32_t declaration = 0;

  /// Number of the word for why it failed.
  uint16_t type = 0;
  event_kind kind = event_kind::child_started;
  severity level = severity::info;

  /// Of two marks of one event: the beginning of an outage that it tells of
  /// when that is over.
  bool beginning = false;
  bool estimated = false;
};

/// Marks of these kinds have no component.
constexpr bool is_of_warning(event_kind kind) noexcept {
  return kind == event_kind::warning_raised
         || kind == event_kind::warning_settled;
}

} // namespace bulwark
