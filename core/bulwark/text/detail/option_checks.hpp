#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulwark {

/// No length of time in an option may be longer: a year. It keeps `now` plus
/// a few of them far from an overflow.
inline constexpr duration option_duration_max = std::chrono::hours{24 * 365};

} // namespace bulwark

/// What the `validate` functions of options are written with. Each returns a
/// complaint that names field, value and rule, or nothing:
/// "restart.jitter is 1.5; it must be at least 0 and below 1".
namespace bulwark::option_checks {

using complaint = std::optional<std::string>;

std::string shown(duration value);
std::string shown(double value);
std::string shown(uint64_t value);

/// "`field` is `value`; it must be `rule`".
std::string said(std::string_view field, std::string_view value,
                 std::string_view rule);

/// Longer than nothing, and at most `option_duration_max`.
complaint positive(std::string_view field, duration value);

/// Nothing or longer, and at most `option_duration_max`.
complaint not_negative(std::string_view field, duration value);

/// A factor by which something grows: 1 or more, and finite.
complaint growth(std::string_view field, double value);

/// [0, 1)
complaint share(std::string_view field, double value);

/// (0, 1]
complaint threshold(std::string_view field, double value);

/// A finite number above 0.
complaint positive(std::string_view field, double value);

/// [least, most]
complaint within(std::string_view field, uint64_t value, uint64_t least,
                 uint64_t most);
complaint within(std::string_view field, double value, double least,
                 double most);
complaint within(std::string_view field, duration value, duration least,
                 duration most);

/// Not below another field's value.
template <class T>
complaint at_least(std::string_view field, T value,
                   std::string_view lower_field, T lower) {
  if (value >= lower)
    return std::nullopt;
  auto rule = "at least " + std::string{lower_field} + ", which is ";
  return said(field, shown(value), rule + shown(lower));
}

/// Not above another field's value.
template <class T>
complaint at_most(std::string_view field, T value, std::string_view upper_field,
                  T upper) {
  if (value <= upper)
    return std::nullopt;
  auto rule = "at most " + std::string{upper_field} + ", which is ";
  return said(field, shown(value), rule + shown(upper));
}

template <class... Checks>
complaint first_of(Checks&&... checks) {
  complaint result;
  static_cast<void>(((result = std::forward<Checks>(checks), result) || ...));
  return result;
}

} // namespace bulwark::option_checks
