#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulwark {

/// What happened. Past participles; the order is part of the wire format,
/// so new kinds are added at the end of their own block only with a new
/// protocol version.
enum class event_kind : uint8_t {
  // of a replica
  child_started,
  child_failed,
  child_restarted,
  child_stopped,
  restart_scheduled,
  child_gave_up,
  child_abandoned,
  message_failed,
  intensity_exceeded,
  // of a service
  service_started,
  service_down,
  service_up,
  service_unknown,
  // of a supervisor
  supervisor_failed,
  // of a node
  node_started,
  node_draining,
  node_stopped,
  node_crashed,
  clock_stepped,
  node_lost,
  node_joined,
  node_left,
  join_failed,
  peer_refused,
  // of a role in the cluster
  role_gained,
  role_lost,
  role_unavailable,
  // of a bulkhead
  threshold_crossed,
  bulkhead_isolated,
  bulkhead_drained,
  bulkhead_reopened,
  bulkhead_resized,
  permits_reclaimed,
  lease_expired,
  quota_overrun,
  connection_lost,
  connection_restored,
  connection_leaked,
  task_stuck,
  worker_replaced,
  // of a circuit breaker
  breaker_opened,
  breaker_half_opened,
  breaker_closed,
  // of a redundancy group
  replica_failed,
  load_redistributed,
  standby_promoted,
  failed_back,
  replica_ejected,
  replica_returned,
  group_panicked,
  group_exhausted,
  // of an application's own component
  failure_reported,
  recovery_reported,
  // of messages and of the ledger itself
  dead_letter,
  message_refused,
  events_dropped,
  log_dropped,
  journal_failed,
  journal_recovered,
  journal_noticed,
  alert_raised,
  alert_resolved,
  alert_not_taken,
  // of what is foreseen
  warning_raised,
  warning_settled,
  // of a change by an operator
  change_applied,
};

/// The last of all kinds.
inline constexpr event_kind last_event_kind = event_kind::change_applied;

/// Whether an event opens an outage of its component, closes one, or neither.
enum class event_class : uint8_t { failure, recovery, change };

/// How bad it is; `info` is for changes that are part of normal life.
enum class severity : uint8_t { info, low, medium, high, critical };

/// Why something failed; an application may add its own word,
/// `event::type_word`.
enum class failure_type : uint8_t {
  none,
  exception,
  error_exit,
  killed,
  start_failed,
  ready_timeout,
  hung,
  node_lost,
  reported,
};

/// One failure, recovery or change of state, with its origin, number and
/// time. `(node, boot, sequence)` names it in the whole cluster.
struct event {
  event_kind kind = event_kind::child_started;
  severity level = severity::info;
  failure_type failure = failure_type::none;

  /// Path of the component: `/root/orders/orders#1`, `/root/orders`,
  /// `node/alpha`.
  std::string component;

  /// Which start of the component this is about, from 1; 0 where it has none.
  uint64_t incarnation = 0;

  /// The application's own word for why it failed, such as `disk_full`; empty:
  /// that of `failure`.
  std::string type_word;

  /// Words for a person: type and text of the exception, ...
  std::string reason;

  /// Pairs for a person and a machine, in the order they were added:
  /// `restart_in`, `downtime`, `method`, ... At most `metadata_max` pairs.
  std::vector<std::pair<std::string, std::string>> metadata;

  /// Of a recovery, and of `node_crashed`, which tells of an outage that is
  /// over: how long the component was down, measured by whoever watched it.
  std::optional<duration> downtime;

  // Filled in by the monitor of the node where it happened.
  std::string node;
  uint64_t boot = 0;
  uint64_t sequence = 0;

  /// Wall-clock time of the event, as people read it.
  wall_time at{};

  /// Wall-clock time at which this boot of the node began, and how long it had
  /// run since, by the steady clock. Lengths are computed from these two, so
  /// that a step of the wall clock changes none.
  wall_time booted{};
  duration uptime{0};

  /// Pairs beyond this many are left out.
  static constexpr size_t metadata_max = 16;

  /// Texts longer than this are cut, at emission.
  static constexpr size_t text_max = 1024;

  /// A longer word for a failure type is cut, at emission.
  static constexpr size_t word_max = 64;

  /// Adds a pair; without effect when there are `metadata_max` already.
  event& with(std::string key, std::string value);
};

/// Returns the time of an event that lengths are computed from: that of its
/// boot, and how long this had run.
[[nodiscard]] wall_time ledger_time(const event& what) noexcept;

/// Returns the word for why it failed: the application's own, or that of the
/// failure type.
[[nodiscard]] std::string type_of(const event& what);

/// Returns the value of the first pair with that key, or nothing.
[[nodiscard]] std::optional<std::string_view>
find_metadata(const event& what, std::string_view key) noexcept;

std::string to_string(event_kind kind);
std::string to_string(severity level);
std::string to_string(failure_type type);

/// Returns what an event of this kind means for the ledger.
event_class classify(event_kind kind);

/// Returns whether the ledger keeps books about what events of this kind tell:
/// failures and recoveries, when components come and go, and what was foreseen.
bool is_in_ledger(event_kind kind);

/// Returns the event as one line without time and level:
/// `alpha child_failed component=/root/orders/orders#1 reason="..." ...`.
/// Values with spaces, quotes or control characters are quoted and escaped,
/// so that nothing a client sends can forge a line.
std::string to_text(const event& what);

} // namespace bulwark
