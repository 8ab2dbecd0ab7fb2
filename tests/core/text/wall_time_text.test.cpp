#include <bulwark/text/wall_time_text.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

std::string shown(std::string_view text) {
  auto at = parse_wall_time(text);
  return at ? std::to_string(at->time_since_epoch().count()) : "none";
}

} // namespace

TEST_CASE("times are read as ISO 8601", "[wall_time]") {
  CHECK(shown("1970-01-01T00:00:00Z") == "0");
  CHECK(shown("1970-01-01T00:00:00") == "0");
  CHECK(shown("2026-11-21T19:30:00Z") == "1795289400000000");
  CHECK(shown("2026-11-21T19:30:00.123456Z") == "1795289400123456");
  CHECK(shown("2026-11-21T19:30:00.5") == "1795289400500000");
  CHECK(shown("2024-02-29T23:59:59Z") == "1709251199000000");
  CHECK(shown("9999-12-31T23:59:59.999999Z") == "253402300799999999");
}

TEST_CASE("times are read as seconds", "[wall_time]") {
  CHECK(shown("0") == "0");
  CHECK(shown("1795000000.5") == "1795000000500000");
  CHECK(shown("1.000001") == "1000001");
  CHECK(shown("253402300799") == "253402300799000000");
}

TEST_CASE("what is shown is read back", "[wall_time]") {
  for (int64_t ms = 0; ms < 253'402'300'799'000; ms += 7'777'777'777'777) {
    wall_time at{std::chrono::milliseconds{ms}};
    CHECK(parse_wall_time(to_text(at)) == at);
  }
}

TEST_CASE("what is no time is none", "[wall_time]") {
  for (const auto* bad : {"",
                          " ",
                          "T",
                          "now",
                          "-1",
                          "+1",
                          "1.",
                          ".5",
                          "1.0000001",
                          "1 ",
                          "1s",
                          "0x10",
                          "253402300800",
                          "99999999999999999999",
                          "1969-12-31T23:59:59Z",
                          "2026-02-29T00:00:00Z",
                          "2026-13-01T00:00:00Z",
                          "2026-00-01T00:00:00Z",
                          "2026-01-00T00:00:00Z",
                          "2026-01-01T24:00:00Z",
                          "2026-01-01T00:60:00Z",
                          "2026-01-01T00:00:60Z",
                          "2026-01-01T00:00Z",
                          "2026-01-01T00:00:00z",
                          "2026-01-01T00:00:00ZZ",
                          "2026-01-01T00:00:00+01:00",
                          "2026-01-01T00:00:00.",
                          "2026-01-01T00:00:00.Z",
                          "2026-01-01T00:00:00.1234567Z",
                          "2026-1-01T00:00:00Z",
                          "2026-01-01 00:00:00Z",
                          "2026-01-01",
                          "-026-01-01T00:00:00Z",
                          "10000-01-01T00:00:00Z",
                          " 2026-01-01T00:00:00Z"}) {
    CAPTURE(bad);
    CHECK(shown(bad) == "none");
  }
}
