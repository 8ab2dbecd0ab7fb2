#include <bulwark/caf/detail/backup_threads.hpp>
#include <bulwark/caf/detail/system_job.hpp>

#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <utility>

namespace bulwark::detail {

/// Stands in for the execution unit where CAF would put the actor into a
/// queue.
class system_job::schedule_on final : public caf::execution_unit {
public:
  schedule_on(system_job& who, caf::execution_unit* eu)
    : execution_unit(&who.home_system()), who_(who), eu_(eu) {}

  void exec_later(caf::resumable*) override { who_.schedule(eu_); }

private:
  system_job& who_;
  caf::execution_unit* eu_;
};

system_job::system_job(caf::actor_config& config, runners who)
  : event_based_actor(config) {
  if (who == runners::all && !getf(is_detached_flag))
    threads_ = backup_threads::of(home_system());
}

void system_job::enqueue(caf::mailbox_element_ptr what,
                         caf::execution_unit* eu) {
  if (!threads_)
    return event_based_actor::enqueue(std::move(what), eu);
  schedule_on unit{*this, eu};
  event_based_actor::enqueue(std::move(what), &unit);
}

void system_job::launch(caf::execution_unit* eu, bool lazy, bool hide) {
  if (!threads_)
    return event_based_actor::launch(eu, lazy, hide);
  schedule_on unit{*this, eu};
  event_based_actor::launch(&unit, lazy, hide);
}

void system_job::schedule(caf::execution_unit* eu) noexcept {
  if (threads_->take_own(*this, eu))
    return;
  auto [push, watch] = claim_.schedule();
  auto pushed = push && this->push(eu);
  // The caller of `enqueue` keeps this alive until it returns.
  if (watch)
    threads_->watch(*this);
  if (!pushed)
    intrusive_ptr_release_impl();
}

bool system_job::push(caf::execution_unit* eu) noexcept {
  try {
    if (eu != nullptr)
      eu->exec_later(this);
    else
      home_system().scheduler().enqueue(this);
    return true;
  } catch (...) {
    // Out of memory.
    claim_.not_queued();
    return false;
  }
}

caf::resumable::resume_result system_job::resume(caf::execution_unit* eu,
                                                 size_t max_throughput) {
  if (!threads_)
    return event_based_actor::resume(eu, max_throughput);
  if (!claim_.begin())
    return awaiting_message;
  // Once it says `awaiting_message`, another thread may be running this.
  auto result = event_based_actor::resume(eu, max_throughput);
  // The scheduler puts the entry that it took back into its queue.
  if (result == resume_later && claim_.schedule().watch)
    threads_->watch(*this);
  return result;
}

} // namespace bulwark::detail
