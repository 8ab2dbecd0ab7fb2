#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;
using namespace std::chrono_literals;

namespace {

complaint checked_window(const breaker_options& o) {
  auto alone = first_of(
    within("breaker.window_calls", uint64_t{o.window_calls}, 1, 10'000),
    within("breaker.window", o.window, duration{10ms}, duration{1h}),
    within("breaker.calls_min", uint64_t{o.calls_min}, 1, 1'000'000),
    threshold("breaker.failure_rate", o.failure_rate),
    threshold("breaker.slow_rate", o.slow_rate),
    positive("breaker.slow_call", o.slow_call));
  if (alone || o.policy != breaker_policy::count_window)
    return alone;
  return at_most("breaker.calls_min", uint64_t{o.calls_min},
                 "breaker.window_calls", uint64_t{o.window_calls});
}

complaint checked_open_time(const breaker_options& o) {
  return first_of(within("breaker.recovery_timeout", o.recovery_timeout,
                         duration{1ms}, option_duration_max),
                  share("breaker.jitter", o.jitter),
                  growth("breaker.growth", o.growth),
                  positive("breaker.recovery_max", o.recovery_max),
                  at_least("breaker.recovery_max", o.recovery_max,
                           "breaker.recovery_timeout", o.recovery_timeout),
                  not_negative("breaker.ramp_up", o.ramp_up),
                  positive("breaker.busy_max", o.busy_max),
                  positive("breaker.probe_limit", o.probe_limit));
}

} // namespace

complaint validate(const breaker_options& o) {
  return first_of(
    within("breaker.failure_threshold", uint64_t{o.failure_threshold}, 1,
           1'000),
    within("breaker.success_threshold", uint64_t{o.success_threshold}, 1, 50),
    checked_window(o), checked_open_time(o),
    within("breaker.keys_max", uint64_t{o.keys_max}, 1, 100'000));
}

std::string to_string(breaker_policy policy) {
  switch (policy) {
  case breaker_policy::counter:
    return "counter";
  case breaker_policy::consecutive:
    return "consecutive";
  case breaker_policy::count_window:
    return "count_window";
  case breaker_policy::time_window:
    return "time_window";
  }
  return "breaker_policy(" + std::to_string(static_cast<int>(policy)) + ")";
}

} // namespace bulwark
