#include <bulwark/text/wall_time_text.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <system_error>

namespace bulwark {

std::string to_text(wall_time value) {
  namespace chrono = std::chrono;
  auto at = chrono::floor<chrono::milliseconds>(value);
  auto day = chrono::floor<chrono::days>(at);
  chrono::year_month_day date{day};
  chrono::hh_mm_ss clock{at - day};
  std::array<char, 64> text{};
  std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()),
    static_cast<int>(clock.subseconds().count()));
  return text.data();
}

namespace {

/// Takes `digits` digits and the `mark` behind them, if any, off the text.
bool take(std::string_view& text, size_t digits, char mark, int& out) {
  if (text.size() < digits)
    return false;
  const auto* end = text.data() + digits;
  auto [last, failure] = std::from_chars(text.data(), end, out);
  if (failure != std::errc{} || last != end || text.front() == '-')
    return false;
  text.remove_prefix(digits);
  if (mark == '\0')
    return true;
  if (text.empty() || text.front() != mark)
    return false;
  text.remove_prefix(1);
  return true;
}

/// Reads `.123456`, or nothing at all.
bool take_fraction(std::string_view& text, std::chrono::microseconds& out) {
  if (text.empty() || text.front() != '.')
    return true;
  text.remove_prefix(1);
  int64_t scale = 100'000;
  bool any = false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (scale == 0)
      return false;
    out += std::chrono::microseconds{(text.front() - '0') * scale};
    scale /= 10;
    any = true;
    text.remove_prefix(1);
  }
  return any;
}

std::optional<wall_time> parse_seconds(std::string_view text) {
  int64_t seconds = 0;
  auto [last, failure] =
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  // Until the end of the year 9999.
  if (failure != std::errc{} || seconds < 0 || seconds > 253'402'300'799)
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(last - text.data()));
  std::chrono::microseconds rest{0};
  if (!take_fraction(text, rest) || !text.empty())
    return std::nullopt;
  return wall_time{std::chrono::seconds{seconds} + rest};
}

} // namespace

std::optional<wall_time> parse_wall_time(std::string_view text) {
  if (text.find('T') == std::string_view::npos)
    return parse_seconds(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::chrono::microseconds rest{0};
  if (!take(text, 4, '-', year) || !take(text, 2, '-', month)
      || !take(text, 2, 'T', day) || !take(text, 2, ':', hour)
      || !take(text, 2, ':', minute) || !take(text, 2, '\0', second)
      || !take_fraction(text, rest) || (!text.empty() && text != "Z"))
    return std::nullopt;
  using namespace std::chrono;
  year_month_day date{std::chrono::year{year},
                      std::chrono::month{static_cast<unsigned>(month)},
                      std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  return wall_time{sys_days{date}} + hours{hour} + minutes{minute}
         + seconds{second} + rest;
}

} // namespace bulwark
