#pragma once

#include <bulwark/supervision/detail/intensity.hpp>
#include <bulwark/supervision/exit_class.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace bulwark {

/// What a supervisor does about a child that ended.
enum class restart_action : uint8_t {
  /// Nothing: a child of this type is not started again after such an end.
  forget,
  /// Start it again after the delay.
  restart,
  /// It needed too many restarts: leave it down for the delay, its
  /// cool-down, then try it again.
  fail,
};

/// The answer of `child_restarts` to one end of the child.
///
/// Immutable after construction.
struct restart_decision {
  restart_action action = restart_action::forget;

  /// Until the restart, or the length of the cool-down; 0 with `forget`.
  duration delay{0};

  /// Restarts within the window, this one included. The third one and later
  /// ones raise the severity of the failure.
  uint32_t restarts_in_window = 0;

  friend bool operator==(const restart_decision&,
                         const restart_decision&) = default;
};

using shared_restart_options = std::shared_ptr<const restart_options>;

/// A window in which only failures of one cause are counted.
///
/// Immutable after construction.
struct cause_window {
  /// Which of the child's windows, from 0: the place of its rule.
  size_t index = 0;

  uint32_t intensity = 0;
  duration period{0};
};

/// Decides about the restarts of one child: whether, after what delay, and
/// when it has failed too often. It is told what happened and when, and never
/// asks for time or chance.
///
///     begin_start --> [starting] --on_up--> [up]
///          ^              |                   |
///          |              '-----on_exit-------'
///          |                       |
///          '-- after the delay ----+--> or forgotten
///
/// - A start that does not succeed is an end like any other: call `on_exit`.
/// - The delay grows with each failure in a row. A child that stayed up for
///   `reset_after` starts the series, and that of the cool-downs, anew.
/// - The restart beyond `intensity` within `period` is refused: `fail`.
///   After the cool-down the child gets a fresh window and a fresh series of
///   delays; only the next cool-down is longer.
///
/// Confined to one actor.
class child_restarts {
public:
  /// `incarnation` is the number of its latest start, if it was known before.
  /// @pre `validate(options)` has no complaint
  explicit child_restarts(const restart_options& options,
                          uint64_t incarnation = 0);

  /// The same with options that many children share.
  explicit child_restarts(shared_restart_options options,
                          uint64_t incarnation = 0);

  /// Counts a start and returns the number of the incarnation, from 1.
  uint64_t begin_start() noexcept { return ++incarnation_; }

  /// Says that the child works. Returns how long it was down: since the first
  /// of the failures that this start ends, through failed starts and
  /// cool-downs; nothing when it had not failed before.
  std::optional<duration> on_up(time_point now);

  /// Says that the child ended, or that its start did not succeed.
  /// `unit_random` is within [0, 1), see `backoff_delay`. A failure that has a
  /// window of its `own` is counted there, and nowhere else.
  [[nodiscard]] restart_decision
  on_exit(exit_class how, time_point now, double unit_random,
          const std::optional<cause_window>& own = std::nullopt);

  /// Says that the child is a supervisor that failed, beyond its own limit:
  /// it cools down at once. It had its restarts already, so this one does not
  /// count.
  [[nodiscard]] restart_decision on_gave_up(time_point now);

  /// Says that the child failed and that others decide what becomes of it:
  /// its supervisor fails too, or its group is being restarted anyway. The
  /// next `on_up` returns the time since.
  void on_failed(time_point now) noexcept;

  /// Says that the child was stopped on purpose. A failure that was open stays
  /// so: the next `on_up` returns the time since.
  void on_stopped(time_point now) noexcept { went_down(now); }

  /// Starts all counts anew, for a start that somebody asked for.
  void forgive() noexcept;

  /// Decides by other options from now on; what was counted stays.
  /// @pre `validate(options)` has no complaint
  void change(shared_restart_options options);

  /// Returns the number of the latest incarnation, 0 before the first start.
  [[nodiscard]] uint64_t incarnation() const noexcept { return incarnation_; }

  /// Returns whether the latest incarnation came up and has not ended.
  [[nodiscard]] bool up() const noexcept { return up_since_.has_value(); }

  /// Returns how many more restarts the child may need at `now` until it is
  /// failed, but for failures that have a window of their own.
  [[nodiscard]] uint32_t restarts_left(time_point now) const noexcept {
    return window_.left(now);
  }

  /// Returns the failures in a row that the next delay grows with.
  [[nodiscard]] uint32_t failures() const noexcept { return failures_; }

  /// Returns the cool-downs in a row that the next one grows with.
  [[nodiscard]] uint32_t cool_downs() const noexcept { return cool_downs_; }

private:
  void went_down(time_point now) noexcept;

  // Returns whether the child is to be started again.
  bool ended(exit_class how, time_point now);
  restart_intensity& window(const std::optional<cause_window>& own);
  void clear_windows() noexcept;
  restart_decision fail(const restart_intensity& beyond);

  shared_restart_options options_;
  restart_intensity window_;
  std::vector<restart_intensity> own_windows_;
  uint64_t incarnation_ = 0;
  uint32_t failures_ = 0;
  uint32_t cool_downs_ = 0;
  std::optional<time_point> up_since_;
  std::optional<time_point> down_since_;
};

} // namespace bulwark
