#include <bulwark/quota/detail/cpu_account.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

using namespace option_checks;

complaint validate(const cpu_quota_options& o) {
  using namespace std::chrono_literals;
  if (o.period < 1ms || o.period > 1min)
    return said("cpu.period", shown(o.period), "at least 1ms and at most 1m");
  auto most = o.period * 10'000;
  if (o.quota <= 0ns || o.quota > most)
    return said("cpu.quota", shown(o.quota),
                "longer than 0ms and at most " + shown(most));
  if (o.pause_max > 1h)
    return said("cpu.pause_max", shown(o.pause_max), "at most 1h");
  return first_of(
    positive("cpu.overrun_after", o.overrun_after),
    at_least("cpu.pause_max", o.pause_max, "cpu.period", o.period));
}

cpu_account::cpu_account(const cpu_quota_options& options)
  : options_(options),
    debt_max_(options.quota * (options.pause_max / options.period)) {}

cpu_account::index cpu_account::index_of(time_point when) const noexcept {
  return (when - epoch_) / options_.period;
}

duration& cpu_account::used(index period) noexcept {
  return used_[static_cast<size_t>((period % kept + kept) % kept)];
}

time_point cpu_account::start_of(index period) const noexcept {
  return epoch_ + options_.period * period;
}

duration cpu_account::paid(duration debt, index periods) const noexcept {
  auto needed = debt / options_.quota + 1;
  if (periods >= needed)
    return duration::zero();
  return debt - options_.quota * periods;
}

void cpu_account::sum_up() noexcept {
  debt_ = oldest_debt_;
  for (auto period = current_ - kept + 1; period < current_; ++period)
    debt_ = std::clamp(debt_ + used(period) - options_.quota, duration::zero(),
                       debt_max_);
}

void cpu_account::proceed(time_point now) noexcept {
  if (!begun_) {
    begun_ = true;
    epoch_ = now;
  }
  latest_ = std::max(latest_, now);
  auto next = index_of(latest_);
  if (next == current_)
    return;
  auto gone = std::min(next - current_, kept);
  for (auto period = current_ - kept + 1; gone > 0; ++period, --gone) {
    oldest_debt_ = std::clamp(oldest_debt_ + used(period) - options_.quota,
                              duration::zero(), debt_max_);
    used(period) = duration::zero();
  }
  oldest_debt_ = paid(oldest_debt_, std::max(next - current_ - kept, index{0}));
  current_ = next;
  sum_up();
}

duration cpu_account::over() noexcept {
  return std::min(debt_ + used(current_) - options_.quota, debt_max_);
}

void cpu_account::spread(duration cpu) noexcept {
  auto until = latest_;
  for (auto period = current_; cpu > duration::zero(); --period) {
    auto part = std::min(cpu, until - start_of(period));
    if (period <= current_ - kept) {
      // Each period before that took a whole one, less what it was granted.
      auto periods = cpu / options_.period;
      auto more = std::max(options_.period - options_.quota, duration::zero());
      oldest_debt_ = std::min(oldest_debt_ + more * periods, debt_max_);
      break;
    }
    used(period) += part;
    cpu -= part;
    until = start_of(period);
  }
  sum_up();
}

void cpu_account::charge(duration cpu, time_point now) {
  proceed(now);
  cpu = std::min(cpu, option_duration_max);
  if (cpu <= duration::zero())
    return;
  stats_.usage += cpu;
  if (waiting_)
    mark(index_of(waiting_since_),
         index_of(std::min(latest_, waiting_until_) - duration{1}));
  mark(index_of(std::max(latest_ - cpu, epoch_)), current_);
  if (cpu <= latest_ - start_of(current_))
    used(current_) += cpu;
  else
    spread(cpu);
}

bool cpu_account::may_run(time_point now) {
  proceed(now);
  auto runs = over() < duration::zero();
  if (waiting_ && (runs || latest_ >= waiting_until_))
    end_wait();
  if (runs)
    return true;
  if (!waiting_)
    waiting_since_ = latest_;
  waiting_ = true;
  waiting_until_ = runs_again(latest_);
  return false;
}

time_point cpu_account::runs_again(time_point now) {
  proceed(now);
  auto debt = over();
  if (debt < duration::zero())
    return latest_;
  return start_of(current_ + debt / options_.quota + 1);
}

duration cpu_account::left(time_point now) {
  proceed(now);
  return -over();
}

void cpu_account::end_wait() noexcept {
  auto until = std::min(latest_, waiting_until_);
  stats_.throttled += until - waiting_since_;
  auto first = index_of(waiting_since_);
  auto last = index_of(until - duration{1});
  stats_.throttled_periods += static_cast<uint64_t>(last - first + 1);
  mark(first, last);
  waiting_ = false;
}

void cpu_account::mark(index first, index last) noexcept {
  first = std::max(first, last_marked_ + 1);
  if (last < first)
    return;
  stats_.periods += static_cast<uint64_t>(last - first + 1);
  last_marked_ = last;
}

bool cpu_account::overruns(duration running_for, duration cpu) const {
  if (running_for < options_.overrun_after)
    return false;
  auto periods = running_for / options_.period + 1;
  return cpu / options_.quota >= periods;
}

double cpu_account::utilization(time_point now, size_t periods) {
  proceed(now);
  auto most =
    std::min(static_cast<index>(periods), std::min(current_, kept - 1));
  if (most <= 0)
    return 0;
  auto sum = duration::zero();
  for (auto period = current_ - most; period < current_; ++period)
    sum += used(period);
  return static_cast<double>(sum.count())
         / static_cast<double>(options_.quota.count())
         / static_cast<double>(most);
}

cpu_account_stats cpu_account::stats(time_point now) {
  proceed(now);
  auto copy = *this;
  if (copy.waiting_ && copy.latest_ > copy.waiting_since_)
    copy.end_wait();
  return copy.stats_;
}

} // namespace bulwark
