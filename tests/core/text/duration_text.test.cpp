#include <bulwark/text/duration_text.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit", "[duration_text]") {
  auto [text, value] = GENERATE(table<std::string, duration>({
    {"50ns", 50ns},
    {"100us", 100us},
    {"250ms", 250ms},
    {"5s", 5s},
    {"1.5s", 1500ms},
    {"2m", 2min},
    {"1h", 1h},
    {"0ms", 0ms},
    {"0s", 0s},
    {"007s", 7s},
    {"0.25h", 15min},
    {"1.50s", 1500ms},
    {"0.000000001s", 1ns},
    {"1.000000000000s", 1s},
    {"0.1us", 100ns},
    {"9223372036854775807ns", duration::max()},
    {"2562047h", 2562047h},
  }));
  CAPTURE(text);
  CHECK(parse_duration(text) == value);
}

TEST_CASE("what is not a duration is refused", "[duration_text]") {
  auto text = GENERATE(as<std::string>{}, "", "5", "0", "s", "ms", ".5s", "5.s",
                       "5 s", " 5s", "5s ", "-5s", "+5s", "5S", "5sec", "5d",
                       "1h30m", "1,5s", "1e3s", "0x5s", "five", "5s\n",
                       std::string{"5s\0", 3}, "0.1ns", "1.0000000001s",
                       "1.0000000000000000000000s", "1.2.3s", "inf", "nan");
  CAPTURE(text);
  CHECK(parse_duration(text) == std::nullopt);
}

TEST_CASE("what is longer than the longest duration is that one",
          "[duration_text]") {
  auto text =
    GENERATE(as<std::string>{}, "9223372036854775808ns",
             "9223372036854775807us", "2562048h", "99999999999999999999999999h",
             "9223372036.854775808s", "2562047.9h");
  CAPTURE(text);
  CHECK(parse_duration(text) == duration::max());
}

TEST_CASE("durations are written as people read them", "[duration_text]") {
  auto [value, text] = GENERATE(table<duration, std::string>({
    {0ns, "0ms"},
    {50ns, "50ns"},
    {1us, "1us"},
    {412ms, "412ms"},
    {412'345'678ns, "412ms"},
    {1'234'567ns, "1.23ms"},
    {1500ms, "1.5s"},
    {999'999'999ns, "1s"},
    {59'960ms, "1m"},
    {60s, "1m"},
    {61'400ms, "61s"},
    {90s, "90s"},
    {120s, "2m"},
    {1h, "1h"},
    {3661s, "3661s"},
    {8760h, "8760h"},
    {-5s, "-5s"},
    {duration::max(), "9223372037s"},
    {duration::min(), "-9223372037s"},
  }));
  CHECK(to_text(value) == text);
}

TEST_CASE("a written duration reads back within a percent", "[duration_text]") {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    auto ticks = static_cast<int64_t>(random() >> (2 + random() % 60));
    auto value = duration{ticks};
    auto back = parse_duration(to_text(value));
    CAPTURE(ticks, to_text(value));
    REQUIRE(back.has_value());
    auto off = static_cast<double>((*back - value).count());
    REQUIRE(std::abs(off) <= 0.0085 * static_cast<double>(ticks));
    REQUIRE(to_text(*back) == to_text(value));
  }
}
