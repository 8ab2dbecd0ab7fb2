#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

namespace bulwark::testing {

/// Thrown when actors keep each other busy for ever.
class runaway : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// An actor system without threads, in which nothing happens until the test
/// says so: jobs run in the thread of the test, time stands still between two
/// calls of `advance`. The same calls give the same run, so a failure that a
/// seed has shown can be shown again.
///
/// - One job is one actor's turn with one message.
/// - No other thread may send to its actors, and none of them may be detached.
/// - An actor that sets itself a timer again and again must be stopped by
///   `before_end`, or the system could not end.
///
/// Confined to one thread.
class deterministic_system {
public:
  using random = std::mt19937_64;
  using configure = std::function<void(caf::actor_system_config&)>;

  /// `change` may register message types or error categories.
  explicit deterministic_system(const configure& change = nullptr);

  deterministic_system(const deterministic_system&) = delete;
  deterministic_system& operator=(const deterministic_system&) = delete;

  /// Runs what was given to `before_end`, in reverse order, each followed by
  /// the jobs it made; then gives timers one more minute, drops those that
  /// are left, and ends the system without waiting for actors.
  ~deterministic_system();

  caf::actor_system& system() { return *system_; }

  /// Returns what the clock of the system shows.
  time_point now() const { return coordinator_->clock().now(); }

  /// Runs jobs, oldest first, until none is left. Returns how many.
  /// @throws runaway after `jobs_max` of them
  size_t run();

  /// Like `run`, but the next job is always picked at random, and it ends
  /// after `jobs` of them.
  size_t run_seeded(random& rng,
                    size_t jobs = std::numeric_limits<size_t>::max());

  /// Lets `time` pass: each timer that comes due is fired at its own time, in
  /// order, and followed by `run`. Returns the number of timers fired.
  size_t advance(duration time);

  /// Like `advance`, with `run_seeded`.
  size_t advance_seeded(duration time, random& rng);

  /// Has `stop` called before the system ends: it stops an actor that would
  /// never end by itself.
  void before_end(std::function<void()> stop);

  /// Returns how many actors have not ended, CAF's own not counted.
  size_t actors_running();

  /// A run of more jobs than this is taken for endless.
  static constexpr size_t jobs_max = 10'000'000;

  /// The clock's first reading; the time before it is free for stamps in the
  /// past.
  static constexpr std::chrono::hours start_time{1};

private:
  using runner = std::function<size_t()>;

  size_t run_with(const std::function<void()>& pick, size_t jobs);
  size_t advance_with(duration time, const runner& run_all);

  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  caf::scheduler::test_coordinator* coordinator_ = nullptr;
  size_t actors_of_caf_ = 0;
  std::vector<std::function<void()>> stops_;
};

} // namespace bulwark::testing
