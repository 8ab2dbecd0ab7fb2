#include <bulwark/quota/detail/cpu_balance.hpp>

#include <algorithm>

namespace bulwark {

cpu_balance::cpu_balance(const cpu_quota_options& options)
  : options_(options), account_(options) {}

cpu_balance::worker cpu_balance::add(duration cpu) {
  record who;
  who.shown = cpu;
  workers_.emplace(++latest_, who);
  return latest_;
}

void cpu_balance::remove(worker who, duration cpu, time_point now) {
  end(who, cpu, now);
  workers_.erase(who);
}

void cpu_balance::charge(record& who, duration cpu, time_point now) {
  auto used = std::max(cpu - who.shown, duration::zero());
  who.shown += used;
  who.used += used;
  if (who.given_up)
    abandoned_ += used;
  else
    account_.charge(used, now);
}

void cpu_balance::enter(record& who, time_point now) {
  who.at_work = true;
  who.since = now;
  who.used = duration::zero();
  who.caught = who.told = false;
}

bool cpu_balance::begin(worker who, duration cpu, time_point now) {
  auto it = workers_.find(who);
  if (it == workers_.end())
    return true;
  end(who, cpu, now);
  if (!account_.may_run(now))
    return false;
  enter(it->second, now);
  return true;
}

void cpu_balance::begin_anyway(worker who, duration cpu, time_point now) {
  end(who, cpu, now);
  if (auto it = workers_.find(who); it != workers_.end())
    enter(it->second, now);
}

void cpu_balance::end(worker who, duration cpu, time_point now) {
  read(who, cpu, now);
  if (auto it = workers_.find(who); it != workers_.end())
    it->second.at_work = false;
}

void cpu_balance::give_up(worker who) {
  if (auto it = workers_.find(who); it != workers_.end())
    it->second.given_up = true;
}

std::vector<cpu_balance::worker> cpu_balance::at_work() const {
  std::vector<worker> result;
  for (const auto& [who, each] : workers_)
    if (each.at_work)
      result.push_back(who);
  return result;
}

void cpu_balance::read(worker who, duration cpu, time_point now) {
  if (auto it = workers_.find(who); it != workers_.end())
    charge(it->second, cpu, now);
}

duration cpu_balance::look_again_in(time_point now, duration most) {
  auto left = account_.left(now);
  if (left <= duration::zero() || workers_.empty())
    return most;
  auto each = left / static_cast<int64_t>(workers_.size());
  return std::clamp(each, most / 20, most);
}

bool cpu_balance::out_of_turn(worker who, time_point now) {
  auto it = workers_.find(who);
  if (it == workers_.end() || !it->second.at_work)
    return false;
  // One that was reported is not let in again when its debt is paid, or it
  // would come and go as long as others leave it no processor to pay with.
  auto result = it->second.given_up || it->second.told || runs_again(now) > now;
  it->second.caught = it->second.caught || result;
  return result;
}

std::vector<cpu_overrun> cpu_balance::overruns(time_point now) {
  auto busy = std::count_if(workers_.begin(), workers_.end(),
                            [](auto& each) { return each.second.at_work; });
  std::vector<cpu_overrun> result;
  for (auto& [who, each] : workers_) {
    if (!each.at_work || each.told || !(each.caught || out_of_turn(who, now)))
      continue;
    // Twice what it has used, because one that was caught may have got less
    // since: its thread is the last to run.
    auto running_for = now - each.since;
    if (!account_.overruns(running_for, each.used * busy * 2))
      continue;
    each.told = true;
    ++overrun_count_;
    result.push_back({who, running_for, each.used});
  }
  return result;
}

} // namespace bulwark
