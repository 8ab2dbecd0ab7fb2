#include <bulwark/options/detail/protection_fields.hpp>

#include <array>

namespace bulwark {

namespace {

using detail::field_at;

using go = guard_options;
using bo = breaker_options;
using ro = retry_options;
using rb = retry_budget_options;
using ho = hedge_options;
using fb = fallback_options;

constexpr auto breaker_in = &go::breaker;
constexpr auto retry_in = &go::retry;
constexpr auto budget_in = &go::retry_budget;

constexpr std::array of_guard{
  field_at<go, &go::timeout>("timeout"),
  field_at<go, &go::idempotent>("idempotent"),
  field_at<go, breaker_in, &bo::policy>("breaker.policy"),
  field_at<go, breaker_in, &bo::failure_threshold>("breaker.failure_threshold"),
  field_at<go, breaker_in, &bo::recovery_timeout>("breaker.recovery_timeout"),
  field_at<go, breaker_in, &bo::success_threshold>("breaker.success_threshold"),
  field_at<go, breaker_in, &bo::window_calls>("breaker.window_calls"),
  field_at<go, breaker_in, &bo::window>("breaker.window"),
  field_at<go, breaker_in, &bo::calls_min>("breaker.calls_min"),
  field_at<go, breaker_in, &bo::failure_rate>("breaker.failure_rate"),
  field_at<go, breaker_in, &bo::slow_rate>("breaker.slow_rate"),
  field_at<go, breaker_in, &bo::slow_call>("breaker.slow_call"),
  field_at<go, breaker_in, &bo::jitter>("breaker.jitter"),
  field_at<go, breaker_in, &bo::growth>("breaker.growth"),
  field_at<go, breaker_in, &bo::recovery_max>("breaker.recovery_max"),
  field_at<go, breaker_in, &bo::ramp_up>("breaker.ramp_up"),
  field_at<go, breaker_in, &bo::busy_max>("breaker.busy_max"),
  field_at<go, breaker_in, &bo::probe_limit>("breaker.probe_limit"),
  field_at<go, breaker_in, &bo::keys_max>("breaker.keys_max"),
  field_at<go, retry_in, &ro::attempts>("retry.attempts"),
  field_at<go, retry_in, &ro::initial>("retry.initial"),
  field_at<go, retry_in, &ro::multiplier>("retry.multiplier"),
  field_at<go, retry_in, &ro::max>("retry.max"),
  field_at<go, retry_in, &ro::jitter>("retry.jitter"),
  field_at<go, retry_in, &ro::attempt_timeout>("retry.attempt_timeout"),
  field_at<go, budget_in, &rb::share>("retry_budget.share"),
  field_at<go, budget_in, &rb::per_second>("retry_budget.per_second"),
};

constexpr std::array of_hedge{
  field_at<ho, &ho::extra>("extra"),
  field_at<ho, &ho::delay>("delay"),
  field_at<ho, &ho::quantile>("quantile"),
  field_at<ho, &ho::samples_min>("samples_min"),
  field_at<ho, &ho::delay_min>("delay_min"),
};

constexpr std::array of_fallback{
  field_at<fb, &fb::last_good>("last_good"),
  field_at<fb, &fb::entries_max>("entries_max"),
  field_at<fb, &fb::bytes_max>("bytes_max"),
  field_at<fb, &fb::age_max>("age_max"),
};

} // namespace

namespace detail {

template <>
std::span<const option_field<guard_options>> fields_of<guard_options>() {
  return of_guard;
}

template <>
std::span<const option_field<hedge_options>> fields_of<hedge_options>() {
  return of_hedge;
}

template <>
std::span<const option_field<fallback_options>> fields_of<fallback_options>() {
  return of_fallback;
}

} // namespace detail

} // namespace bulwark
