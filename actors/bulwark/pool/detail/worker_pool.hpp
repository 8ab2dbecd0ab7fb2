#pragma once

#include <bulwark/pool/detail/worker_host.hpp>
#include <bulwark/pool/detail/worker_plan.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace bulwark::detail {

/// Threads for work that blocks: a plan, and the host that performs it.
///
/// A job tells its actor by a message when it is done; the actor then calls
/// `done`.
///
/// Confined to one actor.
class worker_pool {
public:
  worker_pool(std::unique_ptr<worker_host> host, worker_options options)
    : host_(std::move(host)), plan_(options) {}

  const worker_plan& plan() const noexcept { return plan_; }

  /// Returns false when there is no thread for it: too many are at work, or
  /// the system gives no more. Then `what` was dropped.
  bool run(uint64_t task, worker_host::job what, time_point now) {
    if (!plan_.has_room())
      return false;
    auto started = plan_.run(task, now);
    if (host_->run(started.back().worker, std::move(what)))
      return true;
    plan_.done(task, now);
    return false;
  }

  void done(uint64_t task, time_point now) { plan_.done(task, now); }

  void abandon(uint64_t task) { perform(plan_.abandon(task)); }

  struct stuck {
    uint64_t task;
    // By another thread.
    bool replaced;
  };

  /// Returns the tasks that have just become stuck or replaced.
  std::vector<stuck> tick(time_point now) {
    auto steps = plan_.tick(now);
    std::vector<stuck> result;
    for (auto& each : steps)
      if (each.action == worker_action::report_stuck)
        result.push_back({each.task, false});
      else if (each.action == worker_action::abandon)
        result.push_back({each.task, true});
    perform(steps);
    return result;
  }

  std::optional<time_point> next_due() const { return plan_.next_due(); }

  /// Ends what is idle, for good.
  void end_idle() { perform(plan_.end_idle()); }

private:
  void perform(const worker_steps& steps) {
    for (auto& each : steps)
      if (each.action == worker_action::end)
        host_->end(each.worker);
      else if (each.action == worker_action::abandon)
        host_->abandon(each.worker);
  }

  std::unique_ptr<worker_host> host_;
  worker_plan plan_;
};

} // namespace bulwark::detail
