// Warnings in virtual time: the test says what the figures are.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/warning/warning_watch.hpp>

#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

struct watched : test::supervision_fixture {
  watched() {
    watch = spawn_warning_watch(rig.system(),
                                {.samples =
                                   [this] {
                                     if (broken)
                                       throw std::runtime_error{"no figures"};
                                     return std::vector<resource_sample>{
                                       {"bulkhead/web", percent, "resize it"}};
                                   },
                                 .events = monitor.events,
                                 .detached = false});
    rig.run();
  }

  ~watched() {
    bulwark::stop(watch);
    rig.run();
  }

  void show(double value, int times = 1) {
    percent = value;
    rig.advance(10s * times);
  }

  caf::actor watch;
  double percent = 0;
  bool broken = false;
};

} // namespace

TEST_CASE_METHOD(watched, "a ramp is warned of once, and the warning settled",
                 "[warning]") {
  show(20, 60);
  for (double value = 21; value < 100; ++value)
    show(value);
  auto raised = all(event_kind::warning_raised);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].component == "bulkhead/web");
  CHECK(raised[0].level == severity::medium);
  CHECK_THAT(raised[0].reason,
             Catch::StartsWith("bulkhead/web is used up in "));
  CHECK(find_metadata(raised[0], "kind") == "exhaustion");
  CHECK(find_metadata(raised[0], "advice") == "resize it");
  CHECK(find_metadata(raised[0], "basis"));
  CHECK(all(event_kind::warning_settled).empty());
  show(100, 5);
  auto settled = all(event_kind::warning_settled);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].level == severity::info);
  CHECK(find_metadata(settled[0], "verdict") == "hit");
}

TEST_CASE_METHOD(watched, "a warning that does not come true is a false alarm",
                 "[warning]") {
  show(20, 60);
  for (double value = 21; value < 90; ++value)
    show(value);
  show(20, 600);
  auto settled = all(event_kind::warning_settled);
  REQUIRE(settled.size() == 1);
  CHECK(find_metadata(settled[0], "verdict") == "false_alarm");
}

TEST_CASE_METHOD(watched, "a replica on its way to its limit is warned of",
                 "[warning]") {
  for (int i = 0; i < 6; ++i) {
    caf::anon_send(watch, failure_seen{"/root/a/a#1", 5, 60s});
    rig.advance(4s);
  }
  auto raised = all(event_kind::warning_raised);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].component == "/root/a/a#1");
  CHECK(find_metadata(raised[0], "kind") == "restart_limit");
  REQUIRE(all(event_kind::warning_settled).size() == 1);
}

TEST_CASE_METHOD(watched, "figures that cannot be read end nothing",
                 "[warning]") {
  broken = true;
  rig.advance(5min);
  broken = false;
  show(20, 60);
  for (double value = 21; value < 100; ++value)
    show(value);
  CHECK(all(event_kind::warning_raised).size() == 1);
}

TEST_CASE("settings of a watch are checked", "[warning]") {
  test::supervision_fixture it;
  auto complaint = [&](warning_watch_settings settings) -> std::string {
    try {
      spawn_warning_watch(it.rig.system(), std::move(settings));
      return "";
    } catch (const std::invalid_argument& why) {
      return why.what();
    }
  };
  auto none = [] { return std::vector<resource_sample>{}; };
  CHECK(complaint({}) == "warnings.samples is empty; it must be set");
  CHECK_THAT(complaint({.every = 1ms, .samples = none}),
             Catch::StartsWith("warnings.every is 1ms; it must be at least"));
  CHECK_THAT(complaint({.options = {.fit_min = 2}, .samples = none}),
             Catch::StartsWith("warnings.fit_min is 2;"));
}
