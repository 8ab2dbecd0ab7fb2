#include <bulwark/events/detail/event_limit.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

event crossing(severity level, const std::string& component = "bulkhead/a") {
  event what;
  what.kind = event_kind::threshold_crossed;
  what.level = level;
  what.component = component;
  return what;
}

std::string count_of(const event& what) {
  for (const auto& [key, value] : what.metadata)
    if (key == "count")
      return value;
  return "";
}

const time_point start{1h};

} // namespace

TEST_CASE("the first event is told at once, the last of a second at its end",
          "[event_limit]") {
  event_limit limit;
  auto first = limit.admit(crossing(severity::low), start);
  REQUIRE(first);
  CHECK(count_of(*first).empty());
  CHECK_FALSE(limit.next_due());
  for (int i = 1; i < 1000; ++i) {
    auto what = crossing(severity::low);
    what.reason = std::to_string(i);
    CHECK_FALSE(limit.admit(std::move(what), start + i * 1us));
  }
  REQUIRE(limit.next_due() == start + 1s);
  CHECK(limit.take_due(start + 999ms).empty());
  auto due = limit.take_due(start + 1s);
  REQUIRE(due.size() == 1);
  CHECK(due[0].reason == "999");
  CHECK(count_of(due[0]) == "999");
  CHECK_FALSE(limit.next_due());
}

TEST_CASE("a storm is told once a second, and nothing of it is forgotten",
          "[event_limit]") {
  event_limit limit;
  size_t told = 0;
  uint64_t stood_for = 0;
  auto tell = [&](const event& what) {
    ++told;
    auto count = count_of(what);
    stood_for += count.empty() ? 1 : std::stoull(count);
  };
  constexpr int ms_all = 10'000;
  for (int ms = 0; ms < ms_all; ++ms) {
    auto now = start + ms * 1ms;
    for (const auto& each : limit.take_due(now))
      tell(each);
    // To and fro, as a compartment does that hovers at its threshold.
    auto level = ms % 2 == 0 ? severity::medium : severity::info;
    if (auto at_once = limit.admit(crossing(level), now))
      tell(*at_once);
  }
  for (const auto& each : limit.take_all())
    tell(each);
  CHECK(told == 11);
  CHECK(stood_for == ms_all);
}

TEST_CASE("what is worse than all before it is told at once", "[event_limit]") {
  event_limit limit;
  CHECK(limit.admit(crossing(severity::low), start));
  CHECK_FALSE(limit.admit(crossing(severity::info), start + 1ms));
  auto worse = limit.admit(crossing(severity::medium), start + 2ms);
  REQUIRE(worse);
  CHECK(worse->level == severity::medium);
  // It stands for the one before it too, which must not be told after it.
  CHECK(count_of(*worse) == "2");
  CHECK_FALSE(limit.next_due());
  CHECK_FALSE(limit.admit(crossing(severity::medium), start + 3ms));
}

TEST_CASE("after a quiet second everything is as at first", "[event_limit]") {
  event_limit limit;
  CHECK(limit.admit(crossing(severity::medium), start));
  CHECK(limit.admit(crossing(severity::info), start + 1s));
  CHECK_FALSE(limit.admit(crossing(severity::info), start + 1500ms));
  CHECK(limit.take_due(start + 2s).size() == 1);
  CHECK_FALSE(limit.admit(crossing(severity::info), start + 2500ms));
}

TEST_CASE("components and kinds do not hold each other back", "[event_limit]") {
  event_limit limit;
  CHECK(limit.admit(crossing(severity::low, "bulkhead/a"), start));
  CHECK(limit.admit(crossing(severity::low, "bulkhead/b"), start));
  auto letter = crossing(severity::low, "bulkhead/a");
  letter.kind = event_kind::dead_letter;
  CHECK(limit.admit(letter, start));
}

TEST_CASE("a count that an event brings is counted", "[event_limit]") {
  event_limit limit;
  CHECK(limit.admit(crossing(severity::low), start));
  CHECK_FALSE(
    limit.admit(crossing(severity::low).with("count", "40"), start + 1ms));
  CHECK_FALSE(
    limit.admit(crossing(severity::low).with("count", "2"), start + 2ms));
  auto due = limit.take_due(start + 1s);
  REQUIRE(due.size() == 1);
  CHECK(count_of(due[0]) == "42");
  CHECK(due[0].metadata.size() == 1);
}

TEST_CASE("beyond the most flows, components share one", "[event_limit]") {
  event_limit limit;
  auto busy = [&](size_t i, time_point now) {
    return limit.admit(crossing(severity::low, std::to_string(i)), now);
  };
  for (size_t i = 0; i < event_limit::flows_max; ++i)
    CHECK(busy(i, start));
  CHECK(busy(5000, start + 1ms));
  CHECK_FALSE(busy(5001, start + 2ms));
  CHECK_FALSE(busy(5002, start + 3ms));
  auto due = limit.take_due(start + 2s);
  REQUIRE(due.size() == 1);
  CHECK(count_of(due[0]) == "2");
  // All others are quiet by now and make room.
  CHECK(busy(6000, start + 3s));
  CHECK(busy(6001, start + 3s));
}

TEST_CASE("failures and recoveries are never load-driven", "[event_limit]") {
  for (int i = 0; i <= static_cast<int>(event_kind::log_dropped); ++i) {
    auto kind = static_cast<event_kind>(i);
    if (classify(kind) != event_class::change)
      CHECK_FALSE(is_load_driven(kind));
  }
}
