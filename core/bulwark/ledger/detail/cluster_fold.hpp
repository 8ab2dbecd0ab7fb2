#pragma once

#include <bulwark/ledger/detail/cascade_watch.hpp>
#include <bulwark/ledger/detail/ledger_names.hpp>
#include <bulwark/ledger/detail/mark.hpp>
#include <bulwark/ledger/detail/time_track.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace bulwark {

/// What a component has gone through, for ever.
struct outage_sums {
  uint64_t failures = 0;
  uint64_t recoveries = 0;
  uint64_t estimated = 0;
  uint64_t outages = 0;
  int64_t first_outage = 0;
  int64_t last_outage = 0;

  /// Of recoveries that were measured, in microseconds.
  int64_t recovery_time = 0;
  uint64_t measured = 0;
  int64_t last_failure = ledger_clock::never;

  void add_outage(int64_t at) noexcept;
  void add_recovery(int64_t length) noexcept;

  /// Adds the outages and measured recoveries of another component.
  void merge(const outage_sums& other) noexcept;
};

/// The state of a cluster at one instant, and what is needed of its past. Marks
/// are applied in the order of time; the tracks hold what was up and down since
/// they were last taken away.
///
/// Rules, beside those of `ledger`:
///
/// - `child_gave_up` opens an outage, which is no failure, unless one is open;
///   `child_started` and `child_restarted` end it. They do not end an outage
///   that `service_down` has opened.
/// - `child_stopped` ends an outage without a recovery; the child is absent
///   until it is started, restarted or fails. `service_started` ends an outage
///   and a stop, without a recovery.
/// - What a former boot of a node has left open ends with the first event of
///   the next one, without a recovery: outages of what lives there, its own
///   planned absence, and what it saw of other nodes.
/// - A node is lost as long as one observer says so. The node's failure is the
///   beginning of that and its recovery the end, however many observers there
///   are. While it is stopped on purpose nobody can lose it.
///
/// Confined to one actor. Copied for each report: so the names are elsewhere.
class cluster_fold {
public:
  struct component {
    time_track track;
    outage_sums sums;
    component_kind kind = component_kind::replica;

    // An outage of its own, since when, and whether `service_down` opened it.
    bool failing = false;
    bool held = false;
    bool stopped = false;

    /// Its node has begun a boot, in which it has told nothing yet.
    bool awaited = false;

    // Whether it counts in `system`, or in its cluster service as what.
    bool counted_down = false;
    presence counted_as = presence::unknown;
    int64_t failing_since = 0;

    // Since when it is down, by itself or with its node.
    int64_t down_since = ledger_clock::never;
    uint32_t declared = 0;
  };

  struct node {
    bool stopped = false;
    int64_t booted = ledger_clock::never;
    uint64_t boot = 0;

    // Number of the component `node/NAME`, once it is known.
    uint32_t itself = no_number;

    // Nodes that see it as lost.
    std::vector<uint32_t> lost_by;
  };

  /// What is up while one of its members is.
  struct service {
    time_track track;
    outage_sums sums;
    std::array<uint32_t, 4> members{};
  };

  /// Applies one mark.
  /// @pre its time is not before that of the mark before
  void apply(const mark& what, const ledger_names& names,
             const std::vector<ledger_names::origin>& origins);

  /// Writes all tracks up to `at`.
  void write_until(int64_t at);

  // By their numbers; a component that is not known yet may be missing.
  std::vector<component> components;
  std::vector<node> nodes;

  std::vector<service> services;
  time_track system;
  uint32_t system_down = 0;

  std::array<uint64_t, 5> by_severity{};
  std::array<uint64_t, 24> by_hour{};
  std::vector<uint64_t> by_word;
  uint64_t dropped = 0;
  warning_counts warnings;
  cascade_watch cascades;
};

} // namespace bulwark
