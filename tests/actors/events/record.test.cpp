#include "actors/events/lone_monitor.hpp"

#include <bulwark/events/record.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using test::lone_monitor;

namespace {

std::string complaint_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_CASE("an application tells of its own components", "[record]") {
  test::deterministic_system rig;
  monitor_options options;
  options.objectives = {};
  lone_monitor alpha{rig, "alpha", options};
  const auto& to = alpha.running.events;
  record_failure_event(to, "disk/3", "disk_full", severity::high,
                       {{"free", "0"}});
  rig.advance(90s);
  record_recovery_event(to, "disk/3", "failover", 90s, {{"to", "disk/4"}});
  rig.run();
  REQUIRE(alpha.own.size() == 2);
  CHECK(alpha.own[0].kind == event_kind::failure_reported);
  CHECK(alpha.own[0].level == severity::high);
  CHECK(type_of(alpha.own[0]) == "disk_full");
  CHECK(find_metadata(alpha.own[0], "free") == "0");
  CHECK(alpha.own[1].kind == event_kind::recovery_reported);
  CHECK(alpha.own[1].downtime == 90s);
  CHECK(find_metadata(alpha.own[1], "method") == "failover");
  CHECK(find_metadata(alpha.own[1], "to") == "disk/4");
  CHECK_THAT(alpha.report("alpha:disk*"),
             Catch::Contains("\"mttr_minutes\":1.5,"));
}

TEST_CASE("of too much metadata the first is kept, and the method",
          "[record]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  event_metadata many(100, {"k", "v"});
  record_failure_event(alpha.running.events, "disk", "x", severity::low, many);
  record_recovery_event(alpha.running.events, "disk", "y", 0s, many);
  rig.run();
  REQUIRE(alpha.own.size() == 2);
  CHECK(alpha.own[0].metadata.size() == event::metadata_max);
  CHECK(alpha.own[1].metadata.size() == event::metadata_max);
  CHECK(find_metadata(alpha.own[1], "method") == "y");
}

TEST_CASE("what is no event of an application's is refused in words",
          "[record]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha"};
  const auto& to = alpha.running.events;
  auto failure = [&](const std::string& id, const std::string& type,
                     severity level = severity::medium) {
    return complaint_of([&] { record_failure_event(to, id, type, level); });
  };
  auto recovery = [&](const std::string& id, const std::string& method,
                      duration time = 1s) {
    return complaint_of([&] { record_recovery_event(to, id, method, time); });
  };
  const std::string length = "; it must be 1 to 1024 characters";
  const std::string reserved =
    "; it must be a name of the application's own: those that begin with / or "
    "node/ are Bulwark's";
  CHECK(failure("", "x") == "component_id is \"\"" + length);
  CHECK(recovery("", "x") == "component_id is \"\"" + length);
  CHECK(failure(std::string(1025, 'c'), "x")
        == "component_id is \"" + std::string(64, 'c') + "\"" + length);
  CHECK(failure("/root/orders", "x")
        == "component_id is \"/root/orders\"" + reserved);
  CHECK(recovery("node/alpha", "x")
        == "component_id is \"node/alpha\"" + reserved);
  CHECK(failure("disk", "")
        == "failure_type is \"\"; it must be 1 to 64 characters");
  CHECK(failure("disk", std::string(65, 't'))
        == "failure_type is \"" + std::string(64, 't')
             + "\"; it must be 1 to 64 characters");
  CHECK(recovery("disk", "")
        == "recovery_method is \"\"; it must be 1 to 64 characters");
  CHECK(recovery("disk", std::string(65, 'm'))
        == "recovery_method is \"" + std::string(64, 'm')
             + "\"; it must be 1 to 64 characters");
  CHECK(failure("disk", "x", severity::info)
        == "severity is \"info\"; it must be low, medium, high or critical");
  CHECK(recovery("disk", "x", -1s)
        == "recovery_time is \"-1s\"; it must be 0ms or longer");
  rig.run();
  CHECK(alpha.own.empty());
  CHECK(failure(std::string(1024, 'c'), std::string(64, 't')) == "none");
  CHECK(failure("nodes/1", "x") == "none");
  CHECK(recovery("disk", std::string(64, 'm'), 0s) == "none");
  rig.run();
  CHECK(alpha.own.size() == 3);
}

TEST_CASE("an application tells from any thread", "[record][threads]") {
  constexpr uint64_t threads = 4;
  constexpr uint64_t each = 1000;
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::atomic<uint64_t> failures{0};
  std::atomic<uint64_t> recoveries{0};
  monitor_options options;
  options.node = "alpha";
  options.now = [] { return wall_time{1h}; };
  options.sink = [&](const event& what, event_origin) {
    failures += what.kind == event_kind::failure_reported;
    recoveries += what.kind == event_kind::recovery_reported;
  };
  auto monitor = spawn_monitor(system, options);
  std::vector<std::thread> crowd;
  for (uint64_t i = 0; i < threads; ++i)
    crowd.emplace_back([events = monitor.events, i] {
      auto id = "disk/" + std::to_string(i);
      for (uint64_t n = 0; n < each; ++n) {
        record_failure_event(events, id, "x");
        record_recovery_event(events, id, "y", 1s);
      }
    });
  for (auto& one : crowd)
    one.join();
  stop(monitor.handle);
  caf::scoped_actor self{system};
  self->wait_for(monitor.handle);
  CHECK(failures == threads * each);
  CHECK(recoveries == threads * each);
}
