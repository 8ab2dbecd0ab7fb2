#include <bulwark/options/detail/protection_fields.hpp>

#include <array>

namespace bulwark {

namespace {

using detail::field_at;

using gu = guard_options;
using ho = hedge_options;

template <auto Part>
struct in_guard {
  template <auto Member>
  static constexpr auto at(std::string_view name) {
    return field_at<gu, Part, Member>(name);
  }
};

constexpr auto of_guard = detail::joined(
  std::array{
    field_at<gu, &gu::timeout>("timeout"),
    field_at<gu, &gu::idempotent>("idempotent"),
  },
  detail::breaker_fields<in_guard<&gu::breaker>>(),
  detail::retry_fields<in_guard<&gu::retry>>(),
  detail::budget_fields<in_guard<&gu::retry_budget>>());

constexpr std::array of_hedge{
  field_at<ho, &ho::extra>("extra"),
  field_at<ho, &ho::delay>("delay"),
  field_at<ho, &ho::quantile>("quantile"),
  field_at<ho, &ho::samples_min>("samples_min"),
  field_at<ho, &ho::delay_min>("delay_min"),
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

} // namespace detail

} // namespace bulwark
