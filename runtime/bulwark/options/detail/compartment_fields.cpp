#include <bulwark/options/detail/compartment_fields.hpp>
#include <bulwark/options/detail/option_field.hpp>

#include <array>

namespace bulwark {

namespace {

using detail::field_at;
using detail::field_within;

using bo = bulkhead_options;
using qo = cpu_quota_options;
using fl = load_shedding_options;
using rt = rate_options;
using ad = adaptive_options;

constexpr std::array of_bulkhead{
  field_at<bo, &bo::capacity>("capacity"),
  field_at<bo, &bo::permit_bytes>("permit_bytes"),
  field_at<bo, &bo::reserved_for_critical>("reserved_for_critical"),
  field_at<bo, &bo::queue>("queue"),
  field_at<bo, &bo::queue_timeout>("queue_timeout"),
  field_at<bo, &bo::overflow>("overflow"),
  field_at<bo, &bo::order>("order"),
  field_at<bo, &bo::warning>("warning"),
  field_at<bo, &bo::critical>("critical"),
  field_at<bo, &bo::hysteresis>("hysteresis"),
  field_at<bo, &bo::importance>("importance"),
  field_at<bo, &bo::mode>("mode"),
  field_at<bo, &bo::fair>("fair"),
  field_within<bo, &bo::rate, &rt::rate>("rate.rate"),
  field_within<bo, &bo::rate, &rt::period>("rate.period"),
  field_within<bo, &bo::rate, &rt::burst>("rate.burst"),
  field_within<bo, &bo::rate, &rt::algorithm>("rate.algorithm"),
  field_within<bo, &bo::rate, &rt::keys_max>("rate.keys_max"),
  field_at<bo, &bo::rate_per_tenant>("rate_per_tenant"),
  field_at<bo, &bo::rate_wait>("rate_wait"),
  field_within<bo, &bo::adaptive, &ad::algorithm>("adaptive.algorithm"),
  field_within<bo, &bo::adaptive, &ad::min>("adaptive.min"),
  field_within<bo, &bo::adaptive, &ad::initial>("adaptive.initial"),
  field_within<bo, &bo::adaptive, &ad::max>("adaptive.max"),
  field_within<bo, &bo::adaptive, &ad::healthy_latency>(
    "adaptive.healthy_latency"),
};

constexpr std::array of_cpu_quota{
  field_at<qo, &qo::quota>("quota"),
  field_at<qo, &qo::period>("period"),
  field_at<qo, &qo::overrun_after>("overrun_after"),
  field_at<qo, &qo::pause_max>("pause_max"),
};

constexpr auto limits = &load_shedding_choice::limits;

constexpr std::array of_load_shedding{
  field_at<load_shedding_choice, &load_shedding_choice::enabled>("enabled"),
  field_at<load_shedding_choice, limits, &fl::run_queue_delay>(
    "run_queue_delay"),
  field_at<load_shedding_choice, limits, &fl::cpu>("cpu"),
  field_at<load_shedding_choice, limits, &fl::memory>("memory"),
  field_at<load_shedding_choice, limits, &fl::low>("low"),
  field_at<load_shedding_choice, limits, &fl::close_after>("close_after"),
  field_at<load_shedding_choice, limits, &fl::reopen_after>("reopen_after"),
  field_at<load_shedding_choice, limits, &fl::reopen_after_max>(
    "reopen_after_max"),
  field_at<load_shedding_choice, limits, &fl::steady_after>("steady_after"),
};

} // namespace

namespace detail {

template <>
std::span<const option_field<bulkhead_options>> fields_of<bulkhead_options>() {
  return of_bulkhead;
}

template <>
std::span<const option_field<cpu_quota_options>>
fields_of<cpu_quota_options>() {
  return of_cpu_quota;
}

template <>
std::span<const option_field<load_shedding_choice>>
fields_of<load_shedding_choice>() {
  return of_load_shedding;
}

} // namespace detail

} // namespace bulwark
