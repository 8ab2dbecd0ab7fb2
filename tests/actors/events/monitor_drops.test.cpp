// What is dropped cannot be told any more; but no outage stays open for ever.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/events/detail/state_reports.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using test::metadata_of;
using test::supervision_fixture;

namespace {

/// A root over one service `s` with two replicas.
struct drops_fixture : supervision_fixture {
  drops_fixture() {
    auto inner = settings({listening("a"), listening("b")});
    inner.min_healthy = 2;
    auto branch = supervisor_child(std::move(inner));
    branch.on_change = [this](const child_change& change) {
      service = caf::actor_cast<caf::actor>(change.handle);
    };
    auto outer = settings({branch});
    outer.path = "/root";
    root = spawn(outer);
    caf::anon_send(monitor.handle, detail::watch_root{root.address()});
    rig.run();
    CHECK(condition("/root/s") == "healthy");
    CHECK(condition("/root/s/a") == "healthy");
  }

  ~drops_fixture() {
    // While what its children call still lives.
    full = false;
    stop(root);
    rig.advance(1min);
  }

  /// One of which nothing is heard while `full`: each time it changes, so many
  /// events wait that what its supervisor then tells is dropped.
  child_spec listening(const std::string& id) {
    auto result = puppet(id, {.jitter = 0});
    result.on_change = [this](const child_change&) {
      if (full)
        fill();
    };
    return result;
  }

  void fill() {
    event what;
    what.kind = event_kind::failure_reported;
    what.component = "noise";
    for (size_t i = 0; i < emitter::waiting_max; ++i)
      monitor.events.emit(what);
  }

  std::string condition(const std::string& path) {
    auto text = ask<fault_tolerance_report_text>(
                  monitor.handle,
                  fault_tolerance_report_request{"json", "alpha:" + path, 24h})
                  .text;
    auto at = text.find("\"id\":\"alpha:" + path + "\"");
    if (at == std::string::npos)
      return "unknown";
    const std::string key = "\"state\":\"";
    at = text.find(key, at) + key.size();
    return text.substr(at, text.find('"', at) - at);
  }

  /// Those made up, and forgets them.
  std::vector<std::string> estimated() {
    std::vector<std::string> result;
    for (const auto& each : events)
      if (metadata_of(each, "estimated") == "true")
        result.push_back(to_string(each.kind) + " " + each.component);
    std::sort(result.begin(), result.end());
    events.clear();
    return result;
  }

  bool full = false;
  caf::actor root;
  caf::actor service;
};

using lines = std::vector<std::string>;

constexpr auto soon = 6s;

} // namespace

TEST_CASE("a recovery that was dropped is made up for", "[monitor][drops]") {
  drops_fixture it;
  it.crash("a");
  REQUIRE(it.condition("/root/s/a") == "failed");
  REQUIRE(it.condition("/root/s") == "failed");
  it.full = true;
  it.rig.advance(1s);
  it.full = false;
  REQUIRE(it.state(it.service, "a") == child_state::up);
  REQUIRE(it.condition("/root/s/a") == "failed");
  it.rig.advance(soon);
  CHECK(it.condition("/root/s/a") == "recovered");
  CHECK(it.condition("/root/s") == "recovered");
  CHECK(it.estimated()
        == lines{"child_restarted /root/s/a", "service_up /root/s"});
  // Once.
  it.rig.advance(1min);
  CHECK(it.estimated().empty());
}

TEST_CASE("a failure that was dropped is made up for while it lasts",
          "[monitor][drops]") {
  drops_fixture it;
  it.plan("a").start_throws = true;
  it.full = true;
  it.crash("a");
  // Beyond its limit, and nothing of it was heard.
  it.rig.advance(10s);
  it.full = false;
  REQUIRE(it.state(it.service, "a") != child_state::up);
  it.rig.advance(soon);
  CHECK(it.condition("/root/s/a") == "failed");
  CHECK(it.condition("/root/s") == "failed");
  auto all = it.estimated();
  CHECK(std::count(all.begin(), all.end(), "service_down /root/s") == 1);
  CHECK(std::count(all.begin(), all.end(), "child_failed /root/s/a") == 1);
  it.plan("a").start_throws = false;
  it.rig.advance(5min);
  CHECK(it.condition("/root/s/a") == "recovered");
  CHECK(it.condition("/root/s") == "recovered");
  CHECK(it.estimated().empty());
}

TEST_CASE("what came and went while all was dropped is not made up",
          "[monitor][drops]") {
  drops_fixture it;
  it.full = true;
  it.crash("a");
  it.rig.advance(1s);
  it.full = false;
  it.rig.advance(soon);
  CHECK(it.condition("/root/s/a") == "healthy");
  CHECK(it.estimated().empty());
}

TEST_CASE("an outage ends with a component that is stopped or forgotten",
          "[monitor][drops]") {
  drops_fixture it;
  it.plan("a").start_throws = true;
  it.crash("a");
  REQUIRE(it.condition("/root/s/a") == "failed");
  it.full = true;
  caf::anon_send(it.service, terminate_child{"a"});
  it.rig.run();
  auto forget = GENERATE(false, true);
  if (forget)
    caf::anon_send(it.service, delete_child{"a"});
  it.rig.run();
  it.full = false;
  REQUIRE(it.condition("/root/s/a") == "failed");
  it.rig.advance(soon);
  CHECK(it.condition("/root/s/a") == "stopped");
  CHECK(it.estimated() == lines{"child_stopped /root/s/a"});
}

TEST_CASE("what is told meanwhile is not set right against",
          "[monitor][drops]") {
  drops_fixture it;
  it.crash("a");
  it.full = true;
  it.rig.advance(1s);
  it.full = false;
  // It is down again when it is asked for, and everybody knows.
  it.rig.advance(4s);
  it.plan("a").start_throws = true;
  it.crash("a");
  it.rig.advance(1s);
  CHECK(it.condition("/root/s/a") == "failed");
  for (const auto& each : it.estimated())
    CHECK(each.find("child_restarted") == std::string::npos);
}

TEST_CASE("without a root, and without drops, nothing is made up",
          "[monitor][drops]") {
  drops_fixture it;
  it.crash("a");
  it.rig.advance(1min);
  CHECK(it.estimated().empty());
  supervision_fixture alone;
  event what;
  what.kind = event_kind::failure_reported;
  what.component = "noise";
  for (size_t i = 0; i <= emitter::waiting_max; ++i)
    alone.monitor.events.emit(what);
  alone.rig.advance(1min);
  CHECK(alone.events.size() == emitter::waiting_max + 1);
}
