#pragma once

#include <bulwark/containers/detail/paged_map.hpp>
#include <bulwark/supervision/child_state.hpp>
#include <bulwark/supervision/detail/child_restarts.hpp>
#include <bulwark/supervision/detail/intensity.hpp>
#include <bulwark/supervision/detail/step.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace bulwark {

/// How a child ended, and what its supervisor was told to do about that.
struct child_end {
  exit_class how = exit_class::abnormal;

  enum class directive : uint8_t {
    /// What the restart type says.
    decide,
    /// Not to be started again.
    stop,
    /// The supervisor fails.
    escalate,
  };
  directive told = directive::decide;

  /// It is a supervisor that failed beyond its own limit.
  bool gave_up = false;

  /// Where it counts instead of with the child's other failures.
  std::optional<cause_window> own{};
};

/// What one incarnation is at: odd while it handles something, another number
/// for each thing it handles and each answer it gives meanwhile.
struct child_progress {
  child_key key = 0;
  uint64_t incarnation = 0;
  uint32_t progress_counter = 0;
};

namespace detail {

/// A group on its way down and up again; also the first start.
struct supervision_round {
  enum class phase : uint8_t { stopping, delaying, starting };

  child_key from = 0;
  phase now = phase::stopping;
  uint64_t generation = 0;
  duration delay{0};

  /// The first start, of those that were never started.
  bool first = false;

  /// Where stopping or starting goes on: those beyond it are settled.
  child_key cursor = 0;

  /// Terminated by an operator meanwhile: not started with the others.
  std::set<child_key> sitting_out;
};

} // namespace detail

/// Decides what a supervisor does about its children: who is stopped and who
/// is started, in which order, and when. It is told what happened and when,
/// and returns the steps to perform; it never asks for time or chance.
///
///     stopped --start--> starting --on_up--> up --ends--> waiting --delay-.
///        ^                  |  not in time,            beyond its limit:  |
///        |                  |  ends                     failed --cool-----+
///        '-- must not restart, or told to stop             down           |
///                           ^---------------------------------------------'
///
/// - Children start one after the other: the next one when the one before is
///   up, or has failed to start and is alone in that (one_for_one).
/// - Where a failure concerns a group, its members are stopped in reverse
///   order, each within its time, the delay passes, and they start in order.
///   A further failure meanwhile counts as one and starts that anew, from the
///   first one concerned.
/// - Every change of a child makes its timers void.
///
/// Confined to one actor.
class supervision {
public:
  /// What a start that somebody asked for does when it fails.
  enum class if_it_fails : uint8_t { retry, leave, forget };

  /// What is known of one child.
  struct child {
    explicit child(std::shared_ptr<const child_policy> p);

    std::shared_ptr<const child_policy> policy;
    child_restarts restarts;

    /// How often it was started again.
    uint64_t restart_count = 0;

    child_state state = child_state::stopped;

    bool active() const noexcept {
      return state == child_state::starting || state == child_state::up
             || state == child_state::stopping;
    }

  private:
    friend class supervision;

    /// What happens when it has stopped.
    enum class then : uint8_t { rest, join_group, remove, count_failure };

    then after = then::rest;
    if_it_fails failing = if_it_fails::retry;
    bool killed = false;
    bool ever_started = false;

    /// strict: its end is known and not dealt with; its next start is a retry
    /// that was not counted yet.
    bool dead = false;
    bool uncounted = false;

    /// It hangs and is being ended.
    bool hung = false;

    uint64_t generation = 0;

    /// What it was at when it was last seen at something else, and when.
    uint32_t progress_counter = 0;
    time_point progress_at{};
  };

  using children_map = paged_map<child>;

  /// @pre `validate(policy)` has no complaint
  explicit supervision(const supervisor_policy& policy);

  supervision(supervision&&) = default;
  supervision& operator=(supervision&&) = default;

  /// Adds a child after all others, not started yet. `restarts` is what is
  /// remembered of it; it obeys the options of `child` from now on.
  /// @pre `validate(child, policy)` has no complaint
  child_key add(const child_policy& child,
                std::optional<child_restarts> restarts = std::nullopt);

  /// The same with a policy that many children share.
  /// @pre not null
  child_key add(std::shared_ptr<const child_policy> child,
                std::optional<child_restarts> restarts = std::nullopt);

  /// Starts all children, one after the other.
  supervision_steps start_all();

  // What happened. What is out of date, or names no child, does nothing.
  supervision_steps on_up(child_key key, uint64_t incarnation, time_point now);
  supervision_steps on_ended(child_key key, uint64_t incarnation,
                             const child_end& end, time_point now,
                             double unit_random);
  supervision_steps on_timer(const supervision_timer& timer, time_point now,
                             double unit_random);

  /// The start function did not want the child to run: it is left down, or
  /// forgotten where its end would be, and that is no failure.
  supervision_steps on_ignored(child_key key, uint64_t incarnation,
                               time_point now);

  /// Returns whether `timer` is out of date, for ever.
  bool is_void(const supervision_timer& timer) const noexcept;

  /// Answers `look_step`: who has been at the same thing for too long hangs.
  /// A handler is given `hung_after`, and until the next look a quarter more.
  supervision_steps on_looked(const std::vector<child_progress>& seen,
                              time_point now);

  // What an operator wants (supervision_orders.cpp). Each does nothing where
  // its condition is not met.

  /// Starts a child that does not run: at once, with a fresh window.
  /// @pre the child is stopped, waiting, failed or abandoned
  supervision_steps start(child_key key, if_it_fails then = if_it_fails::retry);

  /// Stops a child and does not start it again; a temporary one is forgotten,
  /// and any with `forget`.
  supervision_steps terminate(child_key key, time_point now,
                              bool forget = false);

  /// Forgets a child. Returns false when it runs or is to be started.
  bool erase(child_key key);

  /// Stops everything, in reverse order.
  supervision_steps stop();

  /// Changes limits from now on; restarts counted so far go on counting.
  void change(const supervisor_options& limits);
  void change(child_key key, const restart_options& restart);

  /// Returns the key that the next child gets.
  child_key next_key() const noexcept { return next_key_; }

  const children_map& children() const noexcept { return children_; }
  const child* find(child_key key) const noexcept;
  size_t up() const noexcept { return up_; }
  size_t active() const noexcept { return active_; }

  /// Whether everything stops, for whatever reason.
  bool ending() const noexcept { return ending_.has_value(); }

  const supervisor_policy& policy() const noexcept { return policy_; }

private:
  using round = detail::supervision_round;

  // -- who there is (supervision_records.cpp) ---------------------------------
  child* locate(child_key key) noexcept;
  child* match(child_key key, uint64_t incarnation);
  void drop(child_key key);

  // -- one child (supervision.cpp) -------------------------------------------
  void enter(child& who, child_state state);
  void begin_start(child_key key, child& who,
                   if_it_fails then = if_it_fails::retry);
  void begin_stop(child_key key, child& who, child::then after);
  void stop_dead(child_key key, child& who);
  void kill(child_key key, child& who);
  void ended_by_itself(child_key key, child& who, const child_end& end,
                       time_point now, double unit_random);
  void ended_early(child_key key, child& who, const failed_step& what,
                   time_point now);
  void decided(child_key key, child& who, failed_step what, time_point now);
  void forget(child_key key, child& who, const failed_step& what);
  void has_stopped(child_key key, child& who, exit_class how, bool abandoned,
                   time_point now, double unit_random);

  // -- those that hang (supervision_watch.cpp) --------------------------------
  void watch(const child& who, time_point now);
  void look_at(child_key key, child& who, uint32_t progress, time_point now);
  void give_up_on(child_key key, child& who, bool hung);

  // -- groups and the whole (supervision_rounds.cpp) --------------------------
  bool grouped() const noexcept;
  void restart_group(child_key cause, duration delay);
  void fail(supervision_end why, child_key cause);
  void check_significant();
  void carry_on();
  void proceed();
  bool busy() const noexcept { return starting_ > 0 || round_.has_value(); }
  void deal_with_deferred();
  bool still_stopping(child_key from, child_key& cursor, child::then after);
  bool still_starting();
  void stop_together();
  bool in_round(child_key key) const noexcept;

  template <class Step>
  void add_step(Step what) {
    // What happens to one child takes no more, as a rule.
    if (steps_.empty())
      steps_.reserve(4);
    steps_.emplace_back(std::move(what));
  }

  supervision_steps take() { return std::exchange(steps_, {}); }

  supervisor_policy policy_;
  restart_intensity limit_;
  children_map children_;

  child_key next_key_ = 1;
  uint64_t next_generation_ = 1;
  size_t up_ = 0;
  size_t active_ = 0;
  size_t starting_ = 0;

  /// strict: ends that wait until nothing is being started.
  struct deferred_end {
    child_key key = 0;
    child_end end;
    time_point at;
    double unit_random = 0;
  };
  std::deque<deferred_end> deferred_;

  /// When to look next whether children hang; earlier timers are void.
  std::optional<time_point> watch_due_;
  uint64_t watch_generation_ = 0;
  std::optional<round> round_;
  std::optional<supervision_end> ending_;
  child_key ending_cursor_ = 0;
  bool finished_ = false;
  bool complete_ = false;
  supervision_steps steps_;
};

} // namespace bulwark
