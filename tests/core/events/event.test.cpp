#include <bulwark/events/event.hpp>
#include <bulwark/events/event_words.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

template <class Enum>
size_t distinct_names(Enum last) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    auto name = to_string(static_cast<Enum>(i));
    CHECK(name.find('(') == std::string::npos);
    names.insert(name);
  }
  return names.size();
}

} // namespace

TEST_CASE("every kind, severity and failure type has a name", "[event]") {
  CHECK(distinct_names(last_event_kind) == 67);
  CHECK(distinct_names(severity::critical) == 5);
  CHECK(distinct_names(failure_type::reported) == 9);
  CHECK(to_string(event_kind::child_started) == "child_started");
  CHECK(to_string(event_kind::child_failed) == "child_failed");
  CHECK(to_string(event_kind::service_up) == "service_up");
  CHECK(to_string(event_kind::supervisor_failed) == "supervisor_failed");
  CHECK(to_string(event_kind::node_stopped) == "node_stopped");
  CHECK(to_string(event_kind::join_failed) == "join_failed");
  CHECK(to_string(event_kind::recovery_reported) == "recovery_reported");
  CHECK(to_string(event_kind::log_dropped) == "log_dropped");
  CHECK(to_string(static_cast<event_kind>(99)) == "event_kind(99)");
  CHECK(to_string(static_cast<severity>(99)) == "severity(99)");
  CHECK(to_string(static_cast<failure_type>(99)) == "failure_type(99)");
}

TEST_CASE("every kind is read back by its name", "[event]") {
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i) {
    auto kind = static_cast<event_kind>(i);
    CAPTURE(to_string(kind));
    CHECK(parse_event_kind(to_string(kind)) == kind);
  }
  auto beyond = static_cast<event_kind>(static_cast<int>(last_event_kind) + 1);
  CHECK(to_string(beyond).find('(') != std::string::npos);
  CHECK_FALSE(parse_event_kind(to_string(beyond)));
}

TEST_CASE("only the events of the design open and close outages", "[event]") {
  for (int i = 0; i <= static_cast<int>(last_event_kind) + 5; ++i) {
    auto kind = static_cast<event_kind>(i);
    auto expected = event_class::change;
    switch (kind) {
    case event_kind::child_failed:
    case event_kind::service_down:
    case event_kind::node_lost:
    case event_kind::node_crashed:
    case event_kind::failure_reported:
      expected = event_class::failure;
      break;
    case event_kind::child_restarted:
    case event_kind::service_up:
    case event_kind::node_joined:
    case event_kind::recovery_reported:
      expected = event_class::recovery;
      break;
    default:
      break;
    }
    CAPTURE(i);
    CHECK(classify(kind) == expected);
  }
}

TEST_CASE("an event is one line of pairs", "[event]") {
  event failed;
  failed.kind = event_kind::child_failed;
  failed.node = "alpha";
  failed.component = "/root/orders/orders#1";
  failed.reason = "std::runtime_error: disk";
  failed.incarnation = 3;
  failed.with("restart_in", "400ms");
  CHECK(to_text(failed)
        == "alpha child_failed component=/root/orders/orders#1 "
           "reason=\"std::runtime_error: disk\" incarnation=3 "
           "restart_in=400ms");
  event restarted;
  restarted.kind = event_kind::child_restarted;
  restarted.node = "alpha";
  restarted.component = "/root/orders/orders#1";
  restarted.incarnation = 4;
  restarted.downtime = 412ms;
  CHECK(to_text(restarted)
        == "alpha child_restarted component=/root/orders/orders#1 "
           "incarnation=4 downtime=412ms");
}

TEST_CASE("what an event leaves open is left out", "[event]") {
  event what;
  what.kind = event_kind::log_dropped;
  what.node = "alpha";
  CHECK(to_text(what.with("count", "7")) == "alpha log_dropped count=7");
}

TEST_CASE("no text in an event can forge a line", "[event]") {
  event what;
  what.kind = event_kind::failure_reported;
  what.node = "al pha";
  what.component = "x\n2026 CRIT";
  what.reason = "\" incarnation=9";
  what.with("a b", "c\r\nd");
  CHECK(to_text(what)
        == R"("al pha" failure_reported component="x\n2026 CRIT" )"
           R"(reason="\" incarnation=9" a_b="c\r\nd")");
}

TEST_CASE("metadata is bounded", "[event]") {
  event what;
  for (int i = 0; i < 100; ++i)
    what.with(std::to_string(i), "x");
  CHECK(what.metadata.size() == event::metadata_max);
  CHECK(what.metadata.back().first == "15");
}

TEST_CASE("wall-clock time is written as ISO 8601 in UTC", "[event]") {
  CHECK(to_text(wall_time{}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_text(wall_time{1795289400123'999us}) == "2026-11-21T19:30:00.123Z");
  CHECK(to_text(wall_time{-1us}) == "1969-12-31T23:59:59.999Z");
  CHECK(to_text(wall_time{951782400s}) == "2000-02-29T00:00:00.000Z");
}
