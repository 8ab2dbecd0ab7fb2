#pragma once

#include <bulwark/caf/detail/system_job.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>

#include <array>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace bulwark::detail {

/// Two threads of an actor system that run its system actors where CAF's
/// scheduler does not: whatever was scheduled and has not begun between two
/// looks. What such an actor sends to another system actor stays on these
/// threads; all else goes to the scheduler.
///
/// They start with the first system actor, and end with the actor system,
/// after all its registered actors and before its scheduler. Then, and also
/// when memory is short, the scheduler is alone again.
///
/// One thread looks once per `patience`, or per `idle_pace` while no system
/// actor has anything to do, and the other sleeps.
///
/// Safe to call from any thread.
class backup_threads : public std::enable_shared_from_this<backup_threads> {
public:
  static constexpr std::chrono::milliseconds patience{5};
  static constexpr std::chrono::milliseconds idle_pace{20};

  /// Returns those of `sys`; null under CAF's test coordinator, and once `sys`
  /// is being destroyed. Throws `std::system_error` if no thread can start.
  static std::shared_ptr<backup_threads> of(caf::actor_system& sys);

  explicit backup_threads(caf::actor_system& sys);
  backup_threads(const backup_threads&) = delete;
  backup_threads& operator=(const backup_threads&) = delete;

  /// If `eu` is one of these threads, runs `who` on them and takes over a
  /// reference to it.
  bool take_own(system_job& who, const caf::execution_unit* eu) noexcept;

  /// Runs `who` unless the scheduler begins it in time.
  void watch(system_job& who) noexcept;

  /// Ends the threads, unless it runs on one of them: that one ends after the
  /// actor it is at. Gives back to the scheduler what was not begun.
  void stop() noexcept;

private:
  using clock = std::chrono::steady_clock;
  using lock = std::unique_lock<std::mutex>;

  /// What actors see that run on one of the threads.
  class unit final : public caf::execution_unit {
  public:
    using caf::execution_unit::execution_unit;

    /// System actors do not come here but to `take_own`.
    void exec_later(caf::resumable* who) override;
  };

  /// Those that one of the threads will run, in their order. Owns a reference
  /// to each.
  class line {
  public:
    bool empty() const noexcept { return first_ == nullptr; }
    void push(system_job& who) noexcept;
    void push(line& others) noexcept;
    system_job* pop() noexcept;

  private:
    system_job* first_ = nullptr;
    system_job* last_ = nullptr;
  };

  void start();
  void loop(unit& mine);
  void look(lock& held);
  line take_overdue();
  void run_next(lock& held, unit& mine);

  caf::actor_system& system_;
  std::array<unit, 2> units_;
  std::array<std::thread, 2> threads_;

  std::mutex mutex_;
  std::condition_variable changed_;
  line ready_;
  std::vector<caf::weak_actor_ptr> watched_;
  clock::time_point next_look_{};
  bool looking_ = false;
  bool sleeping_ = false;
  bool stopping_ = false;

  /// What `watched_` held at the last look; belongs to the thread that looks.
  std::vector<caf::weak_actor_ptr> seen_;
};

} // namespace bulwark::detail
