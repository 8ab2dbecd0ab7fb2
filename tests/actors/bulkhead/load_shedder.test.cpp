// Controlled load_shedding in virtual time: the test says what the gauges show.

#include "actors/bulkhead/manager_fixture.hpp"
#include "support/dice.hpp"

#include <bulwark/bulkhead/load_shedder.hpp>
#include <bulwark/caf/stop.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <stdexcept>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Shows what it is told to.
struct hand_source : pressure_source {
  pressure_gauges shows;
  bool broken = false;

  pressure_gauges read(time_point) override {
    if (broken)
      throw std::runtime_error{"cannot be read"};
    return shows;
  }
};

/// Three compartments and who watches over them.
struct ship : test::manager_fixture {
  explicit ship(uint64_t seed = 0) : rng(seed) {
    auto add_one = [&](const std::string& name, call_priority importance) {
      add(name, {.capacity = 5, .importance = importance});
    };
    add_one("orders", call_priority::critical);
    add_one("web", call_priority::normal);
    add_one("reports", call_priority::background);
    load_shedder = spawn_load_shedder(
      rig.system(), {.source = gauges,
                     .bulkheads = [this] { return manager.all(); },
                     .events = monitor.events,
                     .detached = false});
    rig.run();
  }

  ~ship() {
    bulwark::stop(load_shedder);
    rig.run();
  }

  /// Shows a pressure for a while, with the default limits.
  void press(double pressure, duration time) {
    gauges->shows.cpu = pressure * 0.95;
    rig.advance(time);
  }

  bool closed(const std::string& name) const {
    return manager.stats(name)->isolation == isolation::all;
  }

  void by_hand(const std::string& name, isolation level) {
    caf::scoped_actor self{rig.system()};
    auto asked = self->request(manager.find(name).handle(), caf::infinite,
                               isolate_bulkhead{level, "by hand"});
    rig.run();
    asked.receive([] {}, [](caf::error& x) { FAIL(describe(x)); });
  }

  /// "isolated web, reopened web", without what was done by hand.
  std::string doors() const {
    std::string result;
    for (const auto& each : events) {
      if (each.reason.rfind("node pressure", 0) != 0)
        continue;
      auto what =
        each.kind == event_kind::bulkhead_isolated ? "isolated " : "reopened ";
      result += (result.empty() ? "" : ", ") + std::string{what}
                + each.component.substr(std::string{"bulkhead/"}.size());
    }
    return result;
  }

  std::shared_ptr<hand_source> gauges = std::make_shared<hand_source>();
  caf::actor load_shedder;
  test::dice rng;
};

} // namespace

TEST_CASE("background goes first, then normal, critical never, and back",
          "[load_shedding][load_shedder]") {
  ship it;
  it.press(0.5, 10s);
  CHECK(it.doors().empty());
  it.press(1.2, 1500ms);
  CHECK(it.doors() == "isolated reports");
  it.press(1.2, 1min);
  CHECK(it.doors() == "isolated reports, isolated web");
  CHECK_FALSE(it.closed("orders"));
  // Neither high nor low: nothing moves.
  it.press(0.9, 1min);
  CHECK(it.closed("web"));
  it.press(0.1, 5500ms);
  CHECK(it.doors() == "isolated reports, isolated web, reopened web");
  it.press(0.1, 1min);
  CHECK(it.doors()
        == "isolated reports, isolated web, reopened web, reopened reports");
  CHECK_FALSE(it.closed("reports"));
}

TEST_CASE("the event says which gauge it was and what it showed",
          "[load_shedding][load_shedder]") {
  ship it;
  it.gauges->shows.run_queue_delay = 25ms;
  it.rig.advance(1500ms);
  auto isolated = it.all(event_kind::bulkhead_isolated);
  REQUIRE(isolated.size() == 1);
  CHECK(isolated[0].component == "bulkhead/reports");
  CHECK(isolated[0].reason == "node pressure 2.5");
  CHECK(isolated[0].level == severity::low);
  CHECK(test::metadata_of(isolated[0], "gauge") == "run_queue_delay");
  CHECK(test::metadata_of(isolated[0], "value") == "25ms");
  CHECK(test::metadata_of(isolated[0], "turns_away") == "all");
  it.gauges->shows = {.memory = 0.45};
  it.rig.advance(6s);
  auto reopened = it.all(event_kind::bulkhead_reopened);
  REQUIRE(reopened.size() == 1);
  CHECK(reopened[0].reason == "node pressure 0.5");
  CHECK(test::metadata_of(reopened[0], "gauge") == "memory");
  CHECK(test::metadata_of(reopened[0], "value") == "0.45");
}

TEST_CASE("who asks a flooded compartment is told, who has permits keeps them",
          "[load_shedding][load_shedder]") {
  ship it;
  auto reports = it.manager.find("reports").handle();
  caf::scoped_actor holder{it.rig.system()};
  auto asked = holder->request(reports, caf::infinite, acquire_permits{});
  it.rig.run();
  asked.receive([](const permit&) {}, [](caf::error& x) { FAIL(x.code()); });
  it.press(1.2, 1500ms);
  CHECK(code_of(it.error_of(reports, acquire_permits{}), errc{})
        == errc::bulkhead_isolated);
  CHECK(it.use_of("reports") == 1);
  it.press(0.1, 6s);
  CHECK(it.ask<permit>(reports, acquire_permits{}).amount == 1);
}

TEST_CASE("what an operator closed stays closed",
          "[load_shedding][load_shedder]") {
  ship it;
  it.by_hand("reports", isolation::all);
  it.by_hand("web", isolation::background);
  it.press(1.2, 1min);
  CHECK(it.doors() == "isolated web");
  it.press(0.1, 1min);
  CHECK(it.doors() == "isolated web, reopened web");
  CHECK(it.closed("reports"));
  CHECK(it.manager.stats("web")->isolation == isolation::background);
}

TEST_CASE("what an operator opens during a flood stays open",
          "[load_shedding][load_shedder]") {
  ship it;
  it.press(1.2, 1500ms);
  it.by_hand("reports", isolation::none);
  it.press(1.2, 1min);
  CHECK(it.doors() == "isolated reports, isolated web");
  CHECK_FALSE(it.closed("reports"));
  it.press(0.1, 1min);
  CHECK(it.doors() == "isolated reports, isolated web, reopened web");
  // The next flood is another one.
  it.press(1.2, 1500ms);
  CHECK(it.closed("reports"));
}

TEST_CASE("gauges that cannot be read, or show nonsense, end nothing",
          "[load_shedding][load_shedder]") {
  ship it;
  it.gauges->broken = true;
  it.press(1.2, 1min);
  it.gauges->broken = false;
  it.gauges->shows.memory = std::numeric_limits<double>::quiet_NaN();
  it.press(-1, 1min);
  CHECK(it.doors().empty());
  it.gauges->shows.memory = std::numeric_limits<double>::infinity();
  it.press(0, 1min);
  CHECK(it.doors() == "isolated reports, isolated web");
}

TEST_CASE("nothing that is sent ends a load_shedder",
          "[load_shedding][load_shedder]") {
  ship it;
  caf::anon_send_exit(it.load_shedder, caf::exit_reason::kill);
  caf::anon_send(it.load_shedder, test::unheard_of{});
  caf::anon_send(it.load_shedder, caf::make_error(caf::sec::runtime_error));
  it.press(1.2, 1500ms);
  CHECK(it.doors() == "isolated reports");
}

TEST_CASE("a load_shedder is refused what makes no sense",
          "[load_shedding][load_shedder]") {
  ship it;
  auto refused = [&](const load_shedder_settings& settings) -> std::string {
    try {
      spawn_load_shedder(it.rig.system(), settings);
    } catch (const std::invalid_argument& problem) {
      return problem.what();
    }
    return "taken";
  };
  auto all = [] { return std::vector<bulkhead>{}; };
  CHECK(refused(
          {.load_shedding = {.low = 2}, .source = it.gauges, .bulkheads = all})
        == "load_shedding.low is 2; it must be above 0 and below 1");
  CHECK(refused({.bulkheads = all})
        == "load_shedder.source is empty; it must be set");
  CHECK(refused({.source = it.gauges})
        == "load_shedder.bulkheads is empty; it must be set");
  CHECK(look_interval({}) == 250ms);
  CHECK(look_interval({.close_after = 1ms}) == 20ms);
  CHECK(look_interval({.close_after = 1h, .reopen_after = 1h}) == 1s);
}

TEST_CASE("no curve of pressure makes doors flap or leaves one closed",
          "[load_shedding][load_shedder]") {
  for (uint64_t seed = 0; seed < 1000 / TEST_SHARE; ++seed) {
    INFO("seed " << seed);
    ship it{seed};
    auto steps = 5 + it.rng.below(20);
    std::map<std::string, time_point> moved;
    std::map<std::string, bool> was;
    for (size_t i = 0; i < steps; ++i) {
      auto pressure = static_cast<double>(it.rng.below(20)) / 10;
      for (auto left = 1 + it.rng.below(30); left > 0; --left) {
        it.press(pressure, 250ms);
        if (it.closed("web") && !it.closed("reports"))
          FAIL("normal was closed before background");
        for (const auto* name : {"orders", "web", "reports"}) {
          auto now = it.closed(name);
          if (now == was[name])
            continue;
          auto least = now ? duration{1s} : duration{5s};
          if (moved.count(name) > 0 && it.rig.now() - moved[name] < least)
            FAIL(name << " flaps");
          was[name] = now;
          moved[name] = it.rig.now();
        }
      }
    }
    // At the latest: the longest wait for one, a minute in which it holds.
    it.press(0, 5min + 1min + 1s);
    CHECK_FALSE(it.closed("orders"));
    CHECK(moved.count("orders") == 0);
    CHECK_FALSE(it.closed("web"));
    CHECK_FALSE(it.closed("reports"));
    CHECK(it.all(event_kind::bulkhead_isolated).size()
          == it.all(event_kind::bulkhead_reopened).size());
  }
}
