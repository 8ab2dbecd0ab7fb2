// Events that load alone can cause drowned all others: a compartment at its
// threshold told 16,000 times a second.
#include "actors/supervision_stage.hpp"

#include <bulwark/detail/control.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::metadata_of;
using test::supervision_stage;

namespace {

event of_kind(event_kind kind, const std::string& component = "bulkhead/a") {
  event result;
  result.kind = kind;
  result.component = component;
  return result;
}

size_t count(const supervision_stage& stage, event_kind kind) {
  return static_cast<size_t>(
    std::count_if(stage.events.begin(), stage.events.end(),
                  [kind](auto& each) { return each.kind == kind; }));
}

} // namespace

TEST_CASE("what load alone can cause is told once per component and second",
          "[monitor][flood]") {
  auto kind = GENERATE(event_kind::threshold_crossed, event_kind::dead_letter,
                       event_kind::message_failed, event_kind::peer_refused);
  supervision_stage stage;
  for (int i = 0; i < 500; ++i) {
    stage.monitor.events.emit(of_kind(kind));
    stage.monitor.events.emit(of_kind(kind, "bulkhead/b"));
    stage.rig.advance(10ms);
  }
  stage.rig.advance(1s);
  CHECK(count(stage, kind) == 2 * 6);
  uint64_t stood_for = 0;
  for (const auto& each : stage.events) {
    auto text = metadata_of(each, "count");
    stood_for += text.empty() ? 1 : std::stoull(text);
  }
  CHECK(stood_for == 1000);
}

TEST_CASE("failures and recoveries are each told beside a flood",
          "[monitor][flood]") {
  supervision_stage stage;
  for (int i = 0; i < 300; ++i) {
    for (int j = 0; j < 20; ++j)
      stage.monitor.events.emit(of_kind(event_kind::threshold_crossed));
    stage.monitor.events.emit(of_kind(event_kind::failure_reported, "x"));
    stage.monitor.events.emit(of_kind(event_kind::recovery_reported, "x"));
  }
  stage.rig.run();
  CHECK(count(stage, event_kind::failure_reported) == 300);
  CHECK(count(stage, event_kind::recovery_reported) == 300);
  CHECK(count(stage, event_kind::threshold_crossed) == 1);
}

TEST_CASE("a monitor that stops tells what it held back", "[monitor][flood]") {
  supervision_stage stage;
  for (int i = 0; i < 3; ++i)
    stage.monitor.events.emit(of_kind(event_kind::threshold_crossed));
  stage.stop(stage.monitor.handle);
  stage.rig.run();
  REQUIRE(stage.events.size() == 2);
  CHECK(metadata_of(stage.events.back(), "count") == "2");
}
