#pragma once

#include <bulwark/events/event_position.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/ledger/alerts.hpp>
#include <bulwark/ledger/ledger.hpp>

#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// The ledger of a monitor, how far it has read what its store had before, and
/// who waits for a report until it has.
///
/// Confined to one actor.
struct ledger_keeper {
  /// More requests for a report are refused while history is read.
  static constexpr size_t waiting_max = 100;

  struct waiting {
    fault_tolerance_report_request what;
    caf::response_promise to;
  };

  ledger kept;

  /// What is still to be read: up to where, of which origin.
  std::deque<event_position> history;

  /// From which number of the first of these.
  uint64_t next = 1;
  bool loaded = false;
  std::vector<waiting> reports;

  alert_rules rules;

  /// Alerts that this node has told and that last, by id.
  std::map<std::string, alert> told;

  /// When alerts are looked for next.
  time_point look_at{};
};

} // namespace bulwark::detail
