#pragma once

#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/guard_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace bulwark::detail {

// The fields of what protects calls, for files and command lines: of guards
// `breaker.failure_threshold`, `retry.attempts`, `timeout`, ...; of hedges
// `extra`, `delay`, ...

template <>
std::span<const option_field<guard_options>> fields_of<guard_options>();

template <>
std::span<const option_field<hedge_options>> fields_of<hedge_options>();

// The fields of a part that several have: `In::at<Member>(name)` says where it
// is.

template <class In>
constexpr auto breaker_fields() {
  using br = breaker_options;
  return std::array{
    In::template at<&br::policy>("breaker.policy"),
    In::template at<&br::failure_threshold>("breaker.failure_threshold"),
    In::template at<&br::recovery_timeout>("breaker.recovery_timeout"),
    In::template at<&br::success_threshold>("breaker.success_threshold"),
    In::template at<&br::window_calls>("breaker.window_calls"),
    In::template at<&br::window>("breaker.window"),
    In::template at<&br::calls_min>("breaker.calls_min"),
    In::template at<&br::failure_rate>("breaker.failure_rate"),
    In::template at<&br::slow_rate>("breaker.slow_rate"),
    In::template at<&br::slow_call>("breaker.slow_call"),
    In::template at<&br::jitter>("breaker.jitter"),
    In::template at<&br::growth>("breaker.growth"),
    In::template at<&br::recovery_max>("breaker.recovery_max"),
    In::template at<&br::ramp_up>("breaker.ramp_up"),
    In::template at<&br::busy_max>("breaker.busy_max"),
    In::template at<&br::probe_limit>("breaker.probe_limit"),
    In::template at<&br::keys_max>("breaker.keys_max"),
  };
}

/// Those that guards and gates have.
template <class In>
constexpr auto retry_fields() {
  using re = retry_options;
  return std::array{
    In::template at<&re::attempts>("retry.attempts"),
    In::template at<&re::initial>("retry.initial"),
    In::template at<&re::multiplier>("retry.multiplier"),
    In::template at<&re::max>("retry.max"),
    In::template at<&re::jitter>("retry.jitter"),
    In::template at<&re::attempt_timeout>("retry.attempt_timeout"),
  };
}

template <class In>
constexpr auto budget_fields() {
  using rb = retry_budget_options;
  return std::array{
    In::template at<&rb::share>("retry_budget.share"),
    In::template at<&rb::per_second>("retry_budget.per_second"),
  };
}

template <class In>
constexpr auto hedge_fields() {
  using ho = hedge_options;
  return std::array{
    In::template at<&ho::extra>("hedge.extra"),
    In::template at<&ho::delay>("hedge.delay"),
    In::template at<&ho::quantile>("hedge.quantile"),
    In::template at<&ho::samples_min>("hedge.samples_min"),
    In::template at<&ho::delay_min>("hedge.delay_min"),
  };
}

template <class In>
constexpr auto fallback_fields() {
  using fb = fallback_options;
  return std::array{
    In::template at<&fb::last_good>("fallback.last_good"),
    In::template at<&fb::entries_max>("fallback.entries_max"),
    In::template at<&fb::bytes_max>("fallback.bytes_max"),
    In::template at<&fb::age_max>("fallback.age_max"),
  };
}

/// Returns the fields of one array and then those of the others.
template <class Field, size_t... N>
constexpr auto joined(const std::array<Field, N>&... parts) {
  std::array<Field, (N + ...)> result{};
  size_t next = 0;
  auto add = [&](const auto& part) {
    for (const auto& each : part)
      result[next++] = each;
  };
  (add(parts), ...);
  return result;
}

} // namespace bulwark::detail
