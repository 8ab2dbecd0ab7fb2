#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace bulwark {

namespace {

struct unit {
  std::string_view name;
  uint64_t nanoseconds;
};

constexpr std::array<unit, 6> units{{{"ns", 1},
                                     {"us", 1'000},
                                     {"ms", 1'000'000},
                                     {"s", 1'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"h", 3'600'000'000'000}}};

constexpr uint64_t second = 1'000'000'000;
constexpr uint64_t minute = 60 * second;
constexpr uint64_t longest = std::numeric_limits<duration::rep>::max();

/// Digits of a fraction beyond this many cannot matter: 1e-9 of a second.
constexpr size_t fraction_digits_max = 15;

std::string_view take_digits(std::string_view& text) {
  size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9')
    ++n;
  auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

/// What does not fit is `longest`.
uint64_t whole_part(std::string_view digits, uint64_t scale) {
  uint64_t value = 0;
  for (auto digit : digits) {
    auto next = static_cast<uint64_t>(digit - '0');
    if (value > (longest - next) / 10)
      return longest;
    value = value * 10 + next;
  }
  return value > longest / scale ? longest : value * scale;
}

std::optional<uint64_t> fractional_part(std::string_view digits,
                                        uint64_t scale) {
  uint64_t value = 0;
  uint64_t rest = scale;
  for (auto digit : digits) {
    auto next = static_cast<uint64_t>(digit - '0');
    if (next != 0 && rest % 10 != 0)
      return std::nullopt;
    rest /= 10;
    value += next * rest;
  }
  return value;
}

std::optional<uint64_t> scale_of(std::string_view name) {
  for (const auto& candidate : units)
    if (candidate.name == name)
      return candidate.nanoseconds;
  return std::nullopt;
}

/// Rounds to three significant digits.
uint64_t rounded(uint64_t value) {
  uint64_t step = 1;
  while (value / step >= 1000)
    step *= 10;
  return (value + step / 2) / step * step;
}

std::string with_fraction(uint64_t value, uint64_t scale,
                          std::string_view name) {
  auto result = std::to_string(value / scale);
  auto rest = value % scale;
  if (rest != 0)
    result += '.';
  while (rest != 0) {
    rest *= 10;
    result += static_cast<char>('0' + rest / scale);
    rest %= scale;
  }
  result += name;
  return result;
}

std::string below_a_minute(uint64_t value) {
  if (value == 0)
    return "0ms";
  for (size_t i = 3; i > 0; --i)
    if (value >= units[i].nanoseconds)
      return with_fraction(value, units[i].nanoseconds, units[i].name);
  return std::to_string(value) + "ns";
}

std::string from_a_minute(uint64_t value) {
  auto seconds = (value + second / 2) / second;
  if (seconds % 3600 == 0)
    return std::to_string(seconds / 3600) + "h";
  if (seconds % 60 == 0)
    return std::to_string(seconds / 60) + "m";
  return std::to_string(seconds) + "s";
}

} // namespace

std::optional<duration> parse_duration(std::string_view text) {
  auto whole = take_digits(text);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty() || fraction.size() > fraction_digits_max)
      return std::nullopt;
  }
  auto scale = scale_of(text);
  if (whole.empty() || !scale)
    return std::nullopt;
  auto high = whole_part(whole, *scale);
  auto low = fractional_part(fraction, *scale);
  if (!low)
    return std::nullopt;
  auto sum = high + std::min(*low, longest - high);
  return duration{static_cast<duration::rep>(sum)};
}

std::string to_text(duration value) {
  auto count = value.count();
  if (count < 0) {
    auto size = ~static_cast<uint64_t>(count) + 1;
    auto positive = size > longest ? longest : size;
    return "-" + to_text(duration{static_cast<duration::rep>(positive)});
  }
  auto ticks = static_cast<uint64_t>(count);
  if (ticks < minute)
    ticks = rounded(ticks);
  return ticks < minute ? below_a_minute(ticks) : from_a_minute(ticks);
}

} // namespace bulwark
