// A node's parts beside a disk that hangs: nobody but the journal waits.

#include "runtime/journal/journal_fixture.hpp"
#include "runtime/journal/test_disk.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/events/record.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <memory>

using namespace bulwark;
using namespace std::chrono_literals;
using test::journal_fixture;

namespace {

constexpr int requests = 1'000;
constexpr int events = 1'000;

wall_time wall_now() {
  return std::chrono::floor<wall_time::duration>(
    std::chrono::system_clock::now());
}

caf::behavior twice(caf::event_based_actor*) {
  return {[](int x) { return 2 * x; }};
}

monitor_options with(const std::shared_ptr<journal>& store) {
  monitor_options result;
  result.node = "alpha";
  result.boot = 1;
  result.now = wall_now;
  result.store = store;
  return result;
}

/// A service behind a gate, and a monitor that writes to `store`.
struct parts {
  explicit parts(const std::shared_ptr<journal>& store)
    : monitor(spawn_monitor(system, with(store))),
      door(system,
           {.service = "twice", .options = {}, .events = monitor.events}) {
    door.declare_replicas(1);
    child_spec spec;
    spec.id = "twice";
    spec.start = start_behind(door, 0, make_replica_factory(twice));
    spec.on_change = [at = door](const child_change& change) {
      at.replica_changed(0, change);
    };
    supervisor_settings tree;
    tree.path = "/root";
    tree.events = monitor.events;
    tree.children = {spec};
    supervisor = spawn_supervisor(system, std::move(tree));
  }

  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;

  ~parts() {
    end(supervisor);
    door.stop();
    end(monitor.handle);
  }

  int ask(int x) {
    int result = -1;
    self->request(door.handle(), 10s, x)
      .receive([&](int y) { result = y; },
               [](const caf::error& e) { FAIL(describe(e)); });
    return result;
  }

  event_counts counts() {
    event_counts result;
    self->request(monitor.handle, 10s, event_counts_request{})
      .receive([&](event_counts& x) { result = std::move(x); },
               [](const caf::error& e) { FAIL(describe(e)); });
    return result;
  }

  void end(const caf::actor& who) {
    stop(who);
    self->wait_for(who);
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  running_monitor monitor;
  gate door;
  caf::actor supervisor;
};

} // namespace

TEST_CASE("while a sync is held requests are answered and events accepted",
          "[journal][disk]") {
  journal_fixture f;
  test::test_disk disk;
  auto options = f.options();
  options.vfs = test::test_disk::name;
  auto store = std::make_shared<journal>(options);
  uint64_t told = 0;
  {
    parts node{store};
    CHECK(node.ask(1) == 2);
    disk.hold_syncs();
    record_failure_event(node.monitor.events, "disk/0", "disk_full");
    disk.await_held_sync();
    auto durable = store->positions();
    auto before = node.counts().events;
    for (int i = 1; i <= requests; ++i)
      REQUIRE(node.ask(i) == 2 * i);
    for (int i = 1; i <= events; ++i)
      record_failure_event(node.monitor.events, "disk/1", "disk_full");
    auto after = node.counts();
    told = after.events;
    CHECK(told >= before + events);
    CHECK(after.dropped == 0);
    CHECK(store->stats().waiting >= events);
    // Or the disk was not held at all.
    CHECK(store->positions() == durable);
    disk.release_syncs();
  }
  CHECK(store->close());
  journal_reader reader{f.path()};
  auto cursor = reader.of_origin("alpha", 1);
  uint64_t last = 0;
  int failures = 0;
  for (auto found = cursor.next(); !found.empty(); found = cursor.next())
    for (const auto& each : found) {
      REQUIRE(each.sequence == ++last);
      failures += each.component == "disk/1";
    }
  CHECK(last >= told);
  CHECK(failures == events);
}
