#pragma once

#include <bulwark/containers/detail/run_claim.hpp>

#include <caf/event_based_actor.hpp>

#include <cstddef>
#include <memory>

namespace bulwark::detail {

class backup_threads;

/// Who may run a system actor.
enum class runners {
  /// The scheduler, or one of the `backup_threads` if it does not in time.
  all,

  /// Only the scheduler: for what measures it.
  scheduler
};

/// What all actors of the library have in common: they run also while services
/// occupy every thread of CAF's scheduler.
///
/// CAF schedules it as any other actor, so that a supervisor runs next on the
/// thread on which its child crashed. What CAF has not begun in time, one of
/// the `backup_threads` runs; `run_claim` decides between the two.
///
/// One with a thread of its own (`caf::detached`), and all under CAF's test
/// coordinator, run as CAF has it. Depends on CAF 0.17.
///
/// Confined to one actor, except for `enqueue`.
class system_job : public caf::event_based_actor {
public:
  explicit system_job(caf::actor_config& config, runners who = runners::all);

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* eu) override;

  void launch(caf::execution_unit* eu, bool lazy, bool hide) override;

  /// Called by the scheduler for each entry in its queues.
  resume_result resume(caf::execution_unit* eu, size_t max_throughput) override;

private:
  friend class backup_threads;
  class schedule_on;

  /// Has somebody run this. Takes over a reference to this.
  void schedule(caf::execution_unit* eu) noexcept;

  /// Returns whether an entry of this lies in a queue of the scheduler's.
  bool push(caf::execution_unit* eu) noexcept;

  std::shared_ptr<backup_threads> threads_;
  run_claim claim_;

  /// The next one that `threads_` will run; guarded by them.
  system_job* next_ = nullptr;
};

} // namespace bulwark::detail
