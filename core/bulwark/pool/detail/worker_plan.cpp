#include <bulwark/pool/detail/worker_plan.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

using namespace option_checks;

complaint validate(const worker_options& o) {
  constexpr uint64_t most = worker_options::threads_max;
  return first_of(
    within("threads.max", o.max, 1, most),
    at_most<uint64_t>("threads.core", o.core, "threads.max", o.max),
    positive("threads.idle_max", o.idle_max),
    not_negative("threads.stuck_after", o.stuck_after),
    within("threads.abandoned_max", o.abandoned_max, 0, most));
}

worker_steps worker_plan::run(uint64_t task, time_point now) {
  worker_steps result;
  uint64_t worker = 0;
  if (idle_.empty()) {
    worker = next_++;
    result.push_back({worker_action::start, worker, 0});
  } else {
    worker = idle_.back().worker;
    idle_.pop_back();
  }
  busy_.emplace(task, work{worker, now});
  result.push_back({worker_action::run, worker, task});
  return result;
}

void worker_plan::done(uint64_t task, time_point now) {
  auto at = busy_.find(task);
  if (at == busy_.end()) {
    lost_.erase(task);
    return;
  }
  idle_.push_back({at->second.worker, now});
  busy_.erase(at);
}

worker_steps worker_plan::abandon(uint64_t task) {
  auto at = busy_.find(task);
  if (at == busy_.end() || lost_.size() >= options_.abandoned_max)
    return {};
  worker_steps result{{worker_action::abandon, at->second.worker, task}};
  lost_.emplace(task, at->second.worker);
  busy_.erase(at);
  return result;
}

worker_steps worker_plan::tick(time_point now) {
  worker_steps result;
  std::vector<uint64_t> stuck;
  for (auto& [task, each] : busy_) {
    if (options_.stuck_after == duration::zero()
        || each.since + options_.stuck_after > now)
      continue;
    if (!each.told)
      result.push_back({worker_action::report_stuck, each.worker, task});
    each.told = true;
    stuck.push_back(task);
  }
  for (auto task : stuck)
    if (may_replace())
      result.push_back(abandon(task).front());
  // The oldest come first.
  while (!idle_.empty() && busy_.size() + idle_.size() > options_.core
         && idle_.front().since + options_.idle_max <= now) {
    result.push_back({worker_action::end, idle_.front().worker, 0});
    idle_.erase(idle_.begin());
  }
  return result;
}

worker_steps worker_plan::end_idle() {
  worker_steps result;
  for (auto& each : idle_)
    result.push_back({worker_action::end, each.worker, 0});
  idle_.clear();
  return result;
}

std::optional<time_point> worker_plan::next_due() const {
  std::optional<time_point> result;
  auto consider = [&result](time_point due) {
    result = result ? std::min(*result, due) : due;
  };
  if (!idle_.empty() && busy_.size() + idle_.size() > options_.core)
    consider(idle_.front().since + options_.idle_max);
  if (options_.stuck_after > duration::zero())
    for (auto& [task, each] : busy_)
      if (!each.told || may_replace())
        consider(each.since + options_.stuck_after);
  return result;
}

} // namespace bulwark
