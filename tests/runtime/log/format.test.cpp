#include <bulwark/log/format.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

event failed_child() {
  event what;
  what.kind = event_kind::child_failed;
  what.level = severity::low;
  what.failure = failure_type::exception;
  what.node = "alpha";
  what.component = "/root/orders/orders#1";
  what.reason = "std::runtime_error: disk";
  what.incarnation = 3;
  what.boot = 7;
  what.sequence = 42;
  what.at = wall_time{1795289400123'456us};
  what.with("restart_in", "400ms");
  return what;
}

event restarted_child() {
  event what;
  what.kind = event_kind::child_restarted;
  what.node = "alpha";
  what.component = "/root/orders/orders#1";
  what.incarnation = 4;
  what.downtime = 412'345us;
  what.boot = 7;
  what.sequence = 43;
  what.at = wall_time{1795289400535'801us};
  return what;
}

} // namespace

TEST_CASE("a failed child is one line of text", "[log]") {
  CHECK(log_line(log_format::text, failed_child())
        == "2026-11-21T19:30:00.123Z WARN  alpha child_failed "
           "component=/root/orders/orders#1 "
           "reason=\"std::runtime_error: disk\" incarnation=3 "
           "restart_in=400ms");
}

TEST_CASE("a restarted child is one line of text", "[log]") {
  CHECK(text_line(restarted_child())
        == "2026-11-21T19:30:00.535Z INFO  alpha child_restarted "
           "component=/root/orders/orders#1 incarnation=4 downtime=412ms");
}

TEST_CASE("a failed child is one JSON object", "[log]") {
  CHECK(log_line(log_format::json, failed_child())
        == R"({"time":"2026-11-21T19:30:00.123Z","level":"WARN",)"
           R"("node":"alpha","event":"child_failed","severity":"low",)"
           R"("component":"/root/orders/orders#1","failure":"exception",)"
           R"("reason":"std::runtime_error: disk","incarnation":3,)"
           R"("metadata":{"restart_in":"400ms"},"boot":7,"sequence":42})");
}

TEST_CASE("a restarted child is one JSON object", "[log]") {
  CHECK(json_line(restarted_child())
        == R"({"time":"2026-11-21T19:30:00.535Z","level":"INFO",)"
           R"("node":"alpha","event":"child_restarted","severity":"info",)"
           R"("component":"/root/orders/orders#1","incarnation":4,)"
           R"("downtime_us":412345,"boot":7,"sequence":43})");
}

TEST_CASE("the level follows the severity", "[log]") {
  auto [level, expected, shown] =
    GENERATE(table<severity, log_level, std::string>({
      {severity::info, log_level::info, " INFO  alpha "},
      {severity::low, log_level::warn, " WARN  alpha "},
      {severity::medium, log_level::warn, " WARN  alpha "},
      {severity::high, log_level::error, " ERROR alpha "},
      {severity::critical, log_level::crit, " CRIT  alpha "},
    }));
  CHECK(level_of(level) == expected);
  auto what = failed_child();
  what.level = level;
  CHECK(text_line(what).find(shown) == 24);
}

TEST_CASE("hostile texts stay inside their line and their value", "[log]") {
  auto what = failed_child();
  what.reason = "x\"\n2026-11-21T19:30:00.123Z CRIT  \xff\x1b[2J";
  what.with("\"key\n", "\r");
  for (auto format : {log_format::text, log_format::json}) {
    auto line = log_line(format, what);
    CAPTURE(line);
    CHECK(line.find_first_of("\n\r\x1b\xff") == std::string::npos);
  }
  CHECK(json_line(what).find(R"("reason":"x\"\n2026-)") != std::string::npos);
}

TEST_CASE("no format shows what would deceive its reader", "[log]") {
  // JSON does not want them escaped: terminals obey C1 and DEL, viewers turn
  // the direction at some, end the line at others, and show nothing for more.
  auto what = failed_child();
  for (auto [bytes, escaped] : {
         std::pair{"\x7f", "\\u007f"},
         {"\xc2\x9b", "\\u009b"},
         {"\xc2\x85", "\\u0085"},
         {"\xd8\x9c", "\\u061c"},
         {"\xe2\x80\x8b", "\\u200b"},
         {"\xe2\x80\xa8", "\\u2028"},
         {"\xe2\x80\xae", "\\u202e"},
         {"\xe2\x81\xa0", "\\u2060"},
         {"\xe2\x81\xa6", "\\u2066"},
         {"\xef\xbb\xbf", "\\ufeff"},
       }) {
    what.reason = "a" + std::string{bytes} + "b";
    what.metadata = {{what.reason, what.reason}};
    CAPTURE(escaped);
    CHECK(text_line(what).find(bytes) == std::string::npos);
    auto line = json_line(what);
    CHECK(line.find(bytes) == std::string::npos);
    auto pair = '"' + ("a" + std::string{escaped} + "b") + '"';
    CHECK(line.find("\"reason\":" + pair) != std::string::npos);
    CHECK(line.find("{" + pair + ":" + pair + "}") != std::string::npos);
  }
  what.reason = "K\xc3\xb6ln \xf0\x9f\x8e\x89 \xe2\x82\xac";
  CHECK(json_line(what).find(what.reason) != std::string::npos);
}

TEST_CASE("levels and formats are read by name", "[log]") {
  CHECK(parse_log_level("info") == log_level::info);
  CHECK(parse_log_level("warn") == log_level::warn);
  CHECK(parse_log_level("error") == log_level::error);
  CHECK(parse_log_level("crit") == log_level::crit);
  CHECK(parse_log_level("INFO") == std::nullopt);
  CHECK(parse_log_level("") == std::nullopt);
  CHECK(parse_log_format("text") == log_format::text);
  CHECK(parse_log_format("json") == log_format::json);
  CHECK(parse_log_format("xml") == std::nullopt);
}
