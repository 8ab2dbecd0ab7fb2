#include <bulwark/options/detail/protection_fields.hpp>

#include <array>

namespace bulwark {

namespace {

using detail::field_at;

using gu = guard_options;
using br = breaker_options;
using re = retry_options;
using rb = retry_budget_options;
using ho = hedge_options;
using fb = fallback_options;

constexpr auto breaker_in = &gu::breaker;
constexpr auto retry_in = &gu::retry;
constexpr auto budget_in = &gu::retry_budget;

constexpr std::array of_guard{
  field_at<gu, &gu::timeout>("timeout"),
  field_at<gu, &gu::idempotent>("idempotent"),
  field_at<gu, breaker_in, &br::policy>("breaker.policy"),
  field_at<gu, breaker_in, &br::failure_threshold>("breaker.failure_threshold"),
  field_at<gu, breaker_in, &br::recovery_timeout>("breaker.recovery_timeout"),
  field_at<gu, breaker_in, &br::success_threshold>("breaker.success_threshold"),
  field_at<gu, breaker_in, &br::window_calls>("breaker.window_calls"),
  field_at<gu, breaker_in, &br::window>("breaker.window"),
  field_at<gu, breaker_in, &br::calls_min>("breaker.calls_min"),
  field_at<gu, breaker_in, &br::failure_rate>("breaker.failure_rate"),
  field_at<gu, breaker_in, &br::slow_rate>("breaker.slow_rate"),
  field_at<gu, breaker_in, &br::slow_call>("breaker.slow_call"),
  field_at<gu, breaker_in, &br::jitter>("breaker.jitter"),
  field_at<gu, breaker_in, &br::growth>("breaker.growth"),
  field_at<gu, breaker_in, &br::recovery_max>("breaker.recovery_max"),
  field_at<gu, breaker_in, &br::ramp_up>("breaker.ramp_up"),
  field_at<gu, breaker_in, &br::busy_max>("breaker.busy_max"),
  field_at<gu, breaker_in, &br::probe_limit>("breaker.probe_limit"),
  field_at<gu, breaker_in, &br::keys_max>("breaker.keys_max"),
  field_at<gu, retry_in, &re::attempts>("retry.attempts"),
  field_at<gu, retry_in, &re::initial>("retry.initial"),
  field_at<gu, retry_in, &re::multiplier>("retry.multiplier"),
  field_at<gu, retry_in, &re::max>("retry.max"),
  field_at<gu, retry_in, &re::jitter>("retry.jitter"),
  field_at<gu, retry_in, &re::attempt_timeout>("retry.attempt_timeout"),
  field_at<gu, budget_in, &rb::share>("retry_budget.share"),
  field_at<gu, budget_in, &rb::per_second>("retry_budget.per_second"),
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
