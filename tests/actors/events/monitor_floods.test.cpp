// Events that load alone can cause drowned all others: a compartment at its
// threshold told 16,000 times a second.
#include "actors/supervisor/supervision_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::metadata_of;
using test::supervision_fixture;

namespace {

event of_kind(event_kind kind, const std::string& component = "bulkhead/a") {
  event result;
  result.kind = kind;
  result.component = component;
  return result;
}

size_t count(const supervision_fixture& fixture, event_kind kind) {
  return static_cast<size_t>(
    std::count_if(fixture.events.begin(), fixture.events.end(),
                  [kind](auto& each) { return each.kind == kind; }));
}

} // namespace

TEST_CASE("what load alone can cause is told once per component and second",
          "[monitor][flood]") {
  auto kind = GENERATE(event_kind::threshold_crossed, event_kind::dead_letter,
                       event_kind::message_failed, event_kind::peer_refused);
  supervision_fixture fixture;
  for (int i = 0; i < 500; ++i) {
    fixture.monitor.events.emit(of_kind(kind));
    fixture.monitor.events.emit(of_kind(kind, "bulkhead/b"));
    fixture.rig.advance(10ms);
  }
  fixture.rig.advance(1s);
  CHECK(count(fixture, kind) == 2 * 6);
  uint64_t stood_for = 0;
  for (const auto& each : fixture.events) {
    auto text = metadata_of(each, "count");
    stood_for += text.empty() ? 1 : std::stoull(text);
  }
  CHECK(stood_for == 1000);
}

TEST_CASE("failures and recoveries are each told beside a flood",
          "[monitor][flood]") {
  supervision_fixture fixture;
  for (int i = 0; i < 300; ++i) {
    for (int j = 0; j < 20; ++j)
      fixture.monitor.events.emit(of_kind(event_kind::threshold_crossed));
    fixture.monitor.events.emit(of_kind(event_kind::failure_reported, "x"));
    fixture.monitor.events.emit(of_kind(event_kind::recovery_reported, "x"));
  }
  fixture.rig.run();
  CHECK(count(fixture, event_kind::failure_reported) == 300);
  CHECK(count(fixture, event_kind::recovery_reported) == 300);
  CHECK(count(fixture, event_kind::threshold_crossed) == 1);
}

TEST_CASE("a monitor that stops tells what it held back", "[monitor][flood]") {
  supervision_fixture fixture;
  for (int i = 0; i < 3; ++i)
    fixture.monitor.events.emit(of_kind(event_kind::threshold_crossed));
  fixture.stop(fixture.monitor.handle);
  fixture.rig.run();
  REQUIRE(fixture.events.size() == 2);
  CHECK(metadata_of(fixture.events.back(), "count") == "2");
}
