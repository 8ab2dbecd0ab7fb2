#include <bulwark/admin/detail/admin_query.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::bad_query;
using detail::events_request_of;
using detail::report_request_of;

namespace {

std::string events_complaint(std::string_view query) {
  return std::get<bad_query>(events_request_of(query)).words;
}

std::string report_complaint(std::string_view query) {
  return std::get<bad_query>(report_request_of(query)).words;
}

} // namespace

TEST_CASE("a query for events says how many, and whose", "[admin]") {
  auto read = [](std::string_view query) {
    return std::get<recent_events_request>(events_request_of(query));
  };
  CHECK(read("").max == 100);
  CHECK(read("").node.empty());
  CHECK(read("max=1").max == 1);
  CHECK(read("node=alpha&max=1000").max == 1000);
  CHECK(read("node=al%70ha").node == "alpha");
}

TEST_CASE("a bad query for events is refused with value and rule", "[admin]") {
  for (auto value : {"0", "1001", "-1", "1.5", "x", "", "99999999999999999999"})
    CHECK(events_complaint("max=" + std::string{value})
          == "max is \"" + std::string{value}
               + "\"; it must be a whole number from 1 to 1000");
  CHECK_THAT(events_complaint("node=two%20words"),
             Catch::StartsWith("node is \"two words\"; it must be"));
  CHECK(events_complaint("all=1")
        == "there is no key \"all\"; it must be max or node");
  CHECK(events_complaint("max=1&max=2") == "max is given twice");
  CHECK(events_complaint("max=%zz")
        == "max is not percent-encoded as it must be");
  CHECK(events_complaint("&")
        == "there is no key \"\"; it must be max or node");
}

TEST_CASE("a query for the report says over which time, and of what",
          "[admin]") {
  auto read = [](std::string_view query) {
    return std::get<fault_tolerance_report_request>(report_request_of(query));
  };
  CHECK(read("").format == "json");
  CHECK(read("").window == 24h);
  CHECK(read("window=90m&component=service/*").window == 90min);
  CHECK(read("component=service%2Forders").component == "service/orders");
}

TEST_CASE("a bad query for the report is refused with value and rule",
          "[admin]") {
  CHECK_THAT(report_complaint("window=90"),
             Catch::StartsWith("window is \"90\"; a duration is"));
  CHECK(report_complaint("window=0s")
        == "window is 0ms; it must be longer than 0ms");
  CHECK_THAT(report_complaint("window=9000h"),
             Catch::Contains("window is 9000h; it must be at most"));
  CHECK(report_complaint("max=1")
        == "there is no key \"max\"; it must be window or component");
}
