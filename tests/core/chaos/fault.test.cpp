#include <bulwark/chaos/fault.hpp>

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

std::string complaint(const std::string& text) {
  fault out;
  out.target = "untouched";
  auto wrong = read_fault(text, out);
  if (wrong)
    CHECK(out.target == "untouched");
  return wrong.value_or("none");
}

} // namespace

TEST_CASE("a fault is read with its fields, in any order", "[chaos]") {
  fault out;
  REQUIRE_FALSE(read_fault("crash orders rate=0.01", out));
  CHECK(out == fault{fault_kind::crash, "orders", 0.01, 0s, 0});
  REQUIRE_FALSE(read_fault("  slow\torders  delay=200ms rate=0.5 ", out));
  CHECK(out == fault{fault_kind::slow, "orders", 0.5, 200ms, 0});
  REQUIRE_FALSE(read_fault("slow orders rate=0.5 delay=200ms", out));
  CHECK(out == fault{fault_kind::slow, "orders", 0.5, 200ms, 0});
  REQUIRE_FALSE(read_fault("flood web per_second=1000", out));
  CHECK(out == fault{fault_kind::flood, "web", 1, 0s, 1000});
  REQUIRE_FALSE(read_fault("hang orders", out));
  CHECK(out == fault{fault_kind::hang, "orders"});
}

TEST_CASE("what is wrong with a fault is told with the value and the rule",
          "[chaos]") {
  CHECK(complaint("crsh orders")
        == "fault is crsh; it must be KIND TARGET, with a kind out of crash, "
           "hang, slow, error, refuse, flood, slow_link, drop, cut, one_way, "
           "disk_full, slow_fsync, stop, kill; did you mean crash?");
  CHECK_THAT(complaint(""), Catch::StartsWith("fault is empty; "));
  CHECK_THAT(complaint("crash"), Catch::Contains("fault.target"));
  CHECK_THAT(complaint("crash no/name"), Catch::Contains("no/name"));
  CHECK(complaint("crash orders rate=0")
        == "fault.rate is 0; it must be above 0 and at most 1");
  CHECK(complaint("crash orders rate=nan")
        == "fault.rate is nan; it must be a number, such as 0.5");
  CHECK(complaint("crash orders rate=")
        == "fault.rate is empty; it must be a number, such as 0.5");
  CHECK(complaint("crash orders rate")
        == "fault.rate is empty; it must be a number, such as 0.5");
  CHECK(complaint("crash orders delay=1s")
        == "fault.delay is 1s; it must be left out for crash");
  CHECK(complaint("slow orders")
        == "fault.delay is 0ms; it must be at least 1ms and at most 1m");
  CHECK(complaint("slow orders delay=2m")
        == "fault.delay is 2m; it must be at least 1ms and at most 1m");
  CHECK_THAT(complaint("slow orders delay=soon"),
             Catch::StartsWith("fault.delay is soon; it must be a duration"));
  CHECK(complaint("flood orders")
        == "fault.per_second is 0; it must be at least 1 and at most 1000000");
  CHECK(complaint("flood orders per_second=-1")
        == "fault.per_second is -1; it must be a whole number, such as 100");
  CHECK(complaint("crash orders per_second=5")
        == "fault.per_second is 5; it must be left out for crash");
  CHECK(complaint("crash orders often")
        == "fault field is often; it must be rate=SHARE, delay=TIME or "
           "per_second=NUMBER");
}

TEST_CASE("each kind has a word, a place, and reads back what it writes",
          "[chaos]") {
  for (int i = 0; i <= static_cast<int>(last_fault_kind); ++i) {
    fault what;
    what.kind = static_cast<fault_kind>(i);
    what.target = "alpha";
    what.rate = 0.25;
    auto is_slow = to_string(what.kind).starts_with("slow");
    what.delay = is_slow ? 1500ms : 0ms;
    what.per_second = what.kind == fault_kind::flood ? 7 : 0;
    CAPTURE(to_string(what));
    fault back;
    CHECK_FALSE(read_fault(to_string(what), back));
    CHECK(back == what);
  }
  CHECK(place_of(fault_kind::refuse) == fault_place::replica);
  CHECK(place_of(fault_kind::flood) == fault_place::gate);
  CHECK(place_of(fault_kind::one_way) == fault_place::link);
  CHECK(place_of(fault_kind::slow_fsync) == fault_place::journal);
  CHECK(place_of(fault_kind::kill) == fault_place::node);
}
