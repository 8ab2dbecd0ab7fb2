#include "core/protection/plain_breaker.hpp"

#include <algorithm>

namespace test {

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

bool is_windowed(breaker_policy policy) {
  return policy == breaker_policy::count_window
         || policy == breaker_policy::time_window;
}

int64_t step_of(time_point at, duration step) {
  return at.time_since_epoch() / step;
}

} // namespace

void plain_breaker::go(breaker_state to, time_point now) {
  state_ = to;
  ++period_;
  out_ = succeeded_ = slow_probes_ = 0;
  if (to == breaker_state::open)
    until_ = now + options_.recovery_timeout;
  if (to == breaker_state::closed)
    failures_ = 0;
}

plain_breaker::admission plain_breaker::admit(time_point now) {
  if (state_ == breaker_state::open && now >= until_)
    go(breaker_state::half_open, now);
  auto full = state_ == breaker_state::half_open
              && out_ + succeeded_ >= options_.success_threshold;
  if (state_ == breaker_state::open || full) {
    ++refused_;
    return {};
  }
  if (state_ == breaker_state::half_open)
    ++out_;
  return {true, period_};
}

std::vector<plain_breaker::call> plain_breaker::window(time_point now) const {
  std::vector<call> result;
  for (const auto& each : calls_)
    if (each.counts && each.admitted_in == period_)
      result.push_back(each);
  if (options_.policy == breaker_policy::count_window) {
    auto more = std::max<size_t>(result.size(), options_.window_calls)
                - options_.window_calls;
    result.erase(result.begin(), result.begin() + static_cast<long>(more));
  } else {
    auto step = options_.window / 10;
    std::erase_if(result, [&](const call& each) {
      return step_of(each.at, step) <= step_of(now, step) - 10;
    });
  }
  return result;
}

void plain_breaker::record(uint32_t period, const call_end& end,
                           time_point now) {
  auto late = period != period_;
  if (end.how != call_outcome::ignored)
    calls_.push_back({end, now, period, !late});
  if (late)
    return;
  if (state_ == breaker_state::half_open)
    decide_half_open(end, now);
  else if (state_ == breaker_state::closed && end.how != call_outcome::ignored)
    decide(end, now);
}

void plain_breaker::decide(const call_end& end, time_point now) {
  if (is_windowed(options_.policy)) {
    auto calls = window(now);
    auto count = [&](auto what) {
      return static_cast<double>(
        std::count_if(calls.begin(), calls.end(), what));
    };
    auto failed =
      count([](const call& c) { return c.end.how == call_outcome::failure; });
    auto slow =
      count([&](const call& c) { return c.end.took > options_.slow_call; });
    auto all = static_cast<double>(calls.size());
    if (calls.size() < options_.calls_min
        || (failed / all < options_.failure_rate
            && slow / all < options_.slow_rate))
      return;
    go(breaker_state::open, now);
    failures_ = static_cast<uint32_t>(failed);
    return;
  }
  if (end.how == call_outcome::failure) {
    if (++failures_ >= options_.failure_threshold)
      go(breaker_state::open, now);
  } else if (options_.policy == breaker_policy::counter) {
    failures_ = failures_ > 0 ? failures_ - 1 : 0;
  } else {
    failures_ = 0;
  }
}

void plain_breaker::decide_half_open(const call_end& end, time_point now) {
  --out_;
  if (end.how == call_outcome::ignored)
    return;
  if (end.how == call_outcome::failure) {
    ++failures_;
    go(breaker_state::open, now);
    return;
  }
  ++succeeded_;
  slow_probes_ += end.took > options_.slow_call ? 1 : 0;
  if (succeeded_ < options_.success_threshold)
    return;
  auto share = static_cast<double>(slow_probes_) / succeeded_;
  auto slow = is_windowed(options_.policy) && share >= options_.slow_rate;
  go(slow ? breaker_state::open : breaker_state::closed, now);
}

breaker_metrics plain_breaker::metrics(time_point now) const {
  breaker_metrics result;
  result.state = state_;
  result.failure_count = failures_;
  if (is_windowed(options_.policy) && state_ == breaker_state::closed) {
    auto calls = window(now);
    result.failure_count = static_cast<uint32_t>(
      std::count_if(calls.begin(), calls.end(), [](const call& c) {
        return c.end.how == call_outcome::failure;
      }));
  }
  result.refused = refused_;
  duration took{0};
  uint64_t successes = 0;
  for (const auto& each : calls_) {
    ++result.total_calls;
    auto good = each.end.how == call_outcome::success;
    result.slow_calls += each.end.took > options_.slow_call ? 1 : 0;
    if (!good)
      result.last_failure =
        std::max(each.at, result.last_failure.value_or(each.at));
    if (step_of(each.at, 10s) <= step_of(now, 10s) - 30)
      continue;
    ++result.recent_calls;
    successes += good ? 1 : 0;
    took += good ? each.end.took : duration{0};
  }
  auto recent = static_cast<double>(result.recent_calls);
  if (recent > 0)
    result.success_rate = static_cast<double>(successes) * 100 / recent;
  if (successes > 0)
    result.avg_response_time =
      static_cast<double>(took.count()) / static_cast<double>(successes) / 1e6;
  return result;
}

} // namespace test
