#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// When a node gives up compartments to save the others.
///
/// Immutable after construction.
struct load_shedding_options {
  /// Limits of the three gauges, where the pressure is 1; 0: not looked at.
  /// CPU and memory as in Orleans' load shedding.
  duration run_queue_delay = std::chrono::milliseconds{10};
  double cpu = 0.95;
  double memory = 0.90;

  /// At this pressure or less it counts as gone: above 0 and below 1.
  double low = 0.8;

  /// After so long without a break at 1 or above the next compartments are
  /// closed; after so long at `low` or below the last ones are reopened.
  duration close_after = std::chrono::seconds{1};
  duration reopen_after = std::chrono::seconds{5};

  /// What was reopened and has to be closed again within `steady_after` was
  /// opened too early: the next attempt takes twice as long a calm, up to
  /// `reopen_after_max`. After `steady_after` with nothing closed it is
  /// `reopen_after` again.
  duration reopen_after_max = std::chrono::minutes{5};
  duration steady_after = std::chrono::minutes{1};

  friend bool operator==(const load_shedding_options&,
                         const load_shedding_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const load_shedding_options& options);

/// What was measured since the last look.
struct pressure_gauges {
  /// How long what was ready to run waited for a thread.
  duration run_queue_delay = duration::zero();

  /// Shares of what there is.
  double cpu = 0;
  double memory = 0;
};

enum class pressure_gauge : uint8_t { none, run_queue_delay, cpu, memory };

/// How hard a node is pressed: 0 not at all, 1 as much as it may be, and by
/// what.
struct node_pressure {
  double value = 0;
  pressure_gauge by = pressure_gauge::none;

  friend bool operator==(const node_pressure&, const node_pressure&) = default;
};

/// Returns the highest of the gauges, each in terms of its limit. What is
/// below zero or not a number counts as zero.
[[nodiscard]] node_pressure pressure_of(const pressure_gauges& gauges,
                                        const load_shedding_options& options);

/// Close, or reopen, all compartments of an importance.
struct load_shedding_step {
  enum class kind : uint8_t { close, reopen };

  kind what = kind::close;
  call_priority importance = call_priority::background;
  node_pressure pressure;

  friend bool operator==(const load_shedding_step&,
                         const load_shedding_step&) = default;
};

std::string to_string(pressure_gauge gauge);
std::string to_string(load_shedding_step::kind what);

/// Controlled load_shedding: as a ship gives up some compartments to stay
/// afloat, a node under pressure closes those of the background, then the
/// normal ones, never the critical ones, and reopens them in reverse.
///
///     open --close--> background --close--> background and normal
///          <-reopen--            <-reopen--
///
/// Invariants: one step at a time; before a step that closes the pressure was
/// at 1 or above at every look for `close_after`, before one that reopens at
/// `low` or below for `reopen_wait`, and all of that after the step before.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one actor.
class load_shedding {
public:
  /// @pre `validate(options)` has no complaint
  explicit load_shedding(const load_shedding_options& options)
    : options_(options), wait_(options.reopen_after) {}

  /// Looks at the gauges, at least a few times per `close_after`; returns the
  /// step to take, if any.
  [[nodiscard]] std::optional<load_shedding_step>
  look(const pressure_gauges& gauges, time_point now);

  [[nodiscard]] bool closed(call_priority importance) const noexcept;

  /// How long a calm the next attempt to reopen takes, as of the last look:
  /// `reopen_after`, or longer where attempts have failed.
  [[nodiscard]] duration reopen_wait() const noexcept { return wait_; }

  /// As of the last look.
  [[nodiscard]] node_pressure pressure() const noexcept { return pressure_; }

private:
  enum class side : uint8_t { low, between, high };

  side side_of(double pressure) const noexcept;
  load_shedding_step step(load_shedding_step::kind what) noexcept;
  void learn(load_shedding_step::kind what) noexcept;

  load_shedding_options options_;
  node_pressure pressure_;
  time_point latest_ = time_point::min();

  // Where the pressure is, since when or since the last step.
  side side_ = side::low;
  time_point since_ = time_point::min();

  // When the last attempt to reopen was made, until it has failed or held.
  std::optional<time_point> attempt_;
  duration wait_;

  // How many importances are closed: 0 to 2.
  uint8_t closed_ = 0;
};

} // namespace bulwark
