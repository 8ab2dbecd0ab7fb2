// What a monitor does with a store's history, with a store that fails, with a
// wall clock that is set, and with odd words of a peer.

#include "actors/events/lone_monitor.hpp"

#include <bulwark/events/memory_event_store.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <memory>

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::Contains;
using test::lone_monitor;

namespace {

monitor_options with(std::shared_ptr<event_store> store, uint64_t boot = 7) {
  monitor_options result;
  result.boot = boot;
  result.store = std::move(store);
  result.objectives = {};
  return result;
}

/// Keeps nothing and reads nothing.
struct failing_store final : event_store {
  void append(event) noexcept override {}
  void note_gap(std::string, uint64_t, uint64_t, uint64_t) noexcept override {}
  std::vector<event_position> positions() const override { return has; }
  void read(std::string, uint64_t, uint64_t, size_t, reader then) override {
    if (answers)
      then({});
    else
      waiting.push_back(std::move(then));
  }
  void on_durable(durable_listener) override {}

  std::vector<event_position> has;
  std::vector<reader> waiting;
  bool answers = true;
};

caf::behavior silent(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {[](const peer_positions&) {}};
}

} // namespace

TEST_CASE("what was before the start is in the report", "[monitor][history]") {
  test::deterministic_system rig;
  auto store = std::make_shared<memory_event_store>();
  {
    lone_monitor before{rig, "alpha", with(store)};
    // More than one read gives.
    for (int i = 0; i < 1200; ++i) {
      before.emit(event_kind::failure_reported, "disk");
      before.emit(event_kind::recovery_reported, "disk");
    }
  }
  rig.advance(1min);
  lone_monitor after{rig, "alpha", with(store, 8)};
  after.emit(event_kind::failure_reported, "disk");
  CHECK_THAT(after.report(), Contains("\"total_failures\":1201"));
  CHECK(after.own.front().sequence == 1);
}

TEST_CASE("a report that is asked for while history is read waits for it",
          "[monitor][history]") {
  test::deterministic_system rig;
  auto store = std::make_shared<failing_store>();
  store->answers = false;
  store->has = {{"alpha", 3, 10}, {"beta", 1, 4}};
  lone_monitor alpha{rig, "alpha", with(store)};
  caf::scoped_actor self{rig.system()};
  fault_tolerance_report_request what{"json", "", 24h};
  auto waits = self->request(alpha.running.handle, caf::infinite, what);
  rig.run();
  for (int i = 0; i < 99; ++i)
    self->send(alpha.running.handle, what);
  rig.run();
  // As many as may wait.
  CHECK_THAT(alpha.report(), Contains("too many wait for it"));
  while (!store->waiting.empty()) {
    auto next = std::move(store->waiting.back());
    store->waiting.pop_back();
    next({});
    rig.run();
  }
  bool answered = false;
  waits.receive([&](const fault_tolerance_report_text&) { answered = true; },
                [](const caf::error&) {});
  CHECK(answered);
}

TEST_CASE("a store that fails takes nothing from the report",
          "[monitor][history]") {
  test::deterministic_system rig;
  auto store = std::make_shared<failing_store>();
  store->has = {{"alpha", 3, 10}, {"beta", 1, 4}};
  lone_monitor alpha{rig, "alpha", with(store)};
  alpha.emit(event_kind::failure_reported, "disk");
  CHECK_THAT(alpha.report(), Contains("\"total_failures\":1,"));
}

TEST_CASE("a wall clock that is set is told of, once each time",
          "[monitor][clock]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  rig.advance(5s);
  CHECK(alpha.own.empty());
  alpha.set_by = 400ms;
  rig.advance(5s);
  CHECK(alpha.own.empty());
  alpha.set_by = 1h;
  rig.advance(5s);
  REQUIRE(alpha.own.size() == 1);
  CHECK(alpha.own[0].kind == event_kind::clock_stepped);
  CHECK(alpha.own[0].component == "node/alpha");
  CHECK(find_metadata(alpha.own[0], "by") == "+1h");
  alpha.set_by = -30min;
  rig.advance(5s);
  REQUIRE(alpha.own.size() == 2);
  CHECK(std::string{*find_metadata(alpha.own[1], "by")} == "-90m");
}

TEST_CASE("a wall clock that is set changes no length", "[monitor][clock]") {
  test::deterministic_system rig;
  monitor_options options;
  options.objectives = {};
  lone_monitor alpha{rig, "alpha", options};
  alpha.emit(event_kind::failure_reported, "disk");
  rig.advance(6min);
  alpha.set_by = -1h;
  alpha.emit(event_kind::recovery_reported, "disk");
  CHECK_THAT(alpha.report("alpha:disk"), Contains("\"mttr_minutes\":6,"));
}

TEST_CASE("no time that a peer tells closes the books",
          "[monitor][peers][hostile]") {
  test::deterministic_system rig;
  monitor_options options;
  options.objectives = {};
  lone_monitor alpha{rig, "alpha", options};
  auto beta = rig.system().spawn(silent);
  caf::anon_send(alpha.running.handle,
                 detail::add_peer_monitor{"beta", beta, 1});
  rig.run();
  auto alive = GENERATE(wall_time::max(), wall_time::min(), wall_time{-1s},
                        wall_time{24h * 365 * 200});
  caf::send_as(beta, alpha.running.handle,
               peer_positions{"beta", 1, 0, alive, false, {}});
  rig.run();
  rig.advance(3s);
  alpha.emit(event_kind::failure_reported, "disk");
  auto text = alpha.report();
  CHECK_THAT(text, Contains("\"total_failures\":1,"));
  CHECK_THAT(text, Contains("\"late\":0"));
  caf::anon_send_exit(beta, caf::exit_reason::kill);
  rig.run();
}

TEST_CASE("odd positions of a peer are counted or ignored",
          "[monitor][peers][hostile]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  auto beta = rig.system().spawn(silent);
  caf::anon_send(alpha.running.handle,
                 detail::add_peer_monitor{"beta", beta, 1});
  alpha.emit(event_kind::failure_reported, "disk");
  constexpr auto most = std::numeric_limits<uint64_t>::max();
  for (auto& has : std::vector<std::vector<event_position>>{
         {{"alpha", 7, most}},
         {{"", 0, 0}},
         {{"alpha", most, most}, {"beta", most, most}},
         std::vector<event_position>(1'000'000, {"x", 1, 1})})
    for (auto boot : {uint64_t{0}, uint64_t{1}, most})
      caf::send_as(beta, alpha.running.handle,
                   peer_positions{"beta", boot, most, {}, true, has});
  rig.advance(1min);
  alpha.emit(event_kind::failure_reported, "disk");
  CHECK(alpha.own.back().sequence == 2);
  CHECK_THAT(alpha.report(), Contains("\"total_failures\":2,"));
  caf::anon_send_exit(beta, caf::exit_reason::kill);
  rig.run();
}

TEST_CASE("odd questions for a report are refused in words, or answered",
          "[monitor][hostile]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  alpha.emit(event_kind::failure_reported, "disk");
  CHECK_THAT(alpha.report("*", "xml"),
             Contains("report.format is") && Contains("xml")
               && Contains("it must be text or json"));
  CHECK(alpha.report("*", std::string(1'000'000, 'x')).size() < 1000);
  CHECK_THAT(alpha.report(std::string(2000, '*')),
             Contains("report.component has 2000 characters; it must have at "
                      "most 1024"));
  CHECK_THAT(alpha.report("\n\"*"), Contains("\"total_failures\":1,"));
  caf::scoped_actor self{rig.system()};
  for (auto window : {duration::max(), duration{1}, duration::min(), 0ns}) {
    auto asked =
      self->request(alpha.running.handle, caf::infinite,
                    fault_tolerance_report_request{"json", "", window});
    rig.run();
    bool good = false;
    asked.receive([&](const fault_tolerance_report_text&) { good = true; },
                  [](const caf::error&) {});
    CHECK(good == (window > 0ns));
  }
}

TEST_CASE("no more than one beat is answered at a time", "[monitor][hostile]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  auto timers = [&] { return rig.advance(10s); };
  auto usual = timers();
  for (int i = 0; i < 100; ++i)
    caf::anon_send(alpha.running.handle, detail::monitor_beat{});
  rig.run();
  CHECK(timers() == usual);
}
