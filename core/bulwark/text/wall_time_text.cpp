#include <bulwark/text/wall_time_text.hpp>

#include <array>
#include <chrono>
#include <cstdio>

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

} // namespace bulwark
