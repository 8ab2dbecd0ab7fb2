#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/ledger_options.hpp>
#include <bulwark/ledger/report.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace bulwark {

/// The record of what was up and down in a cluster: a pure fold over a set of
/// events. The same events give the same report, in whatever order and how
/// often they were added.
///
/// Lengths are computed from `ledger_time`, which no step of a wall clock
/// changes; all times of a report are of that kind.
///
/// What is counted:
///
/// - A component is a path on a node; `node/NAME` is one in the cluster. It is
///   known from its first event of these kinds: child_started, _failed,
///   _restarted, _stopped, _gave_up; service_started, _down, _up; node_started,
///   _draining, _stopped, _crashed, _lost, _joined, _left; failure_reported,
///   recovery_reported. A path is a replica until an event shows that it is a
///   service or an application's component.
/// - An outage opens with the first failure and ends with the next recovery;
///   a failure within it counts, and opens nothing. An outage that is open
///   lasts until now. A recovery without an outage counts, and closes nothing.
///   Its length, for the mean recovery time, is the `downtime` it tells, else
///   that of the outage it closes; of a node it is that of the outage.
/// - While a node is lost all that lives there is down. From node_stopped, or
///   from node_left, by which others tell that it said goodbye, it is absent:
///   neither up nor down; until its next boot, or until it joins again. A boot
///   begins with its first event; replicas and services are absent until they
///   tell something in it.
/// - The service of the cluster, `service/orders`, is up while it is up on one
///   node, and absent where it is absent on all.
/// - Figures of the system are of services, nodes and application components;
///   patterns and cascades are of all failures, also those of replicas.
///
/// - An event without a number, or with a time before 1970 or after 2199, is
///   refused. A `downtime` above a year is taken as a year.
///
/// Memory: what is older than 25 h before the horizon is closed, hour by hour:
/// of its events only sums are left, of each hour for 31 days, and for ever of
/// all. The horizon is the time up to which all events of all nodes are known,
/// see `complete_until`. An event that comes for a closed hour is counted as
/// late and changes nothing else. Closing changes no figure. Nothing is closed
/// before `complete_until` was called.
///
/// Confined to one actor.
class ledger {
public:
  explicit ledger(const ledger_options& options = {});
  ~ledger();
  ledger(ledger&&) noexcept;
  ledger& operator=(ledger&&) noexcept;

  /// Adds an event; without effect when it was added before.
  void add(const event& what);

  /// Tells that the numbers from `from` to `to` of an origin are no gap: a
  /// store had their events, and has removed them. Without effect on origins of
  /// which no event was added. To be called when the others were added: one of
  /// these numbers that comes later is taken for a repetition.
  void removed(const std::string& node, uint64_t boot, uint64_t from,
               uint64_t to);

  /// Tells that all events of `node` before `until` were added. The horizon is
  /// the least of these times over all nodes that have not stopped, but not
  /// more than 7 days behind the greatest.
  void complete_until(const std::string& node, wall_time until);

  /// Returns the report as of `now`: events after that do not count. A time
  /// earlier than 25 h after the latest closed hour is taken as that one; the
  /// report's `timestamp` tells.
  [[nodiscard]] fault_tolerance_report
  report(wall_time now, const report_query& query = {}) const;

  // The seed's figures, each of the system or of the component with that id.
  // Of one that is not known they are those of one that never failed.

  /// In per cent, 0 to 100.
  [[nodiscard]] double availability(duration window, wall_time now,
                                    const std::string& id = {}) const;

  /// Infinite below two outages.
  [[nodiscard]] double mtbf_hours(wall_time now,
                                  const std::string& id = {}) const;

  /// 0 without a recovery.
  [[nodiscard]] double mttr_minutes(wall_time now,
                                    const std::string& id = {}) const;

  /// 0 to 100.
  [[nodiscard]] double fault_tolerance_score(wall_time now) const;

  /// Up to when hours are closed; the beginning of time where none is.
  [[nodiscard]] wall_time closed_until() const noexcept;

  /// Returns about how much memory it holds.
  [[nodiscard]] size_t bytes() const;

private:
  class contents;
  std::unique_ptr<contents> contents_;
};

} // namespace bulwark
