#include "actors/bulkhead/manager_fixture.hpp"
#include "actors/gate/gate_fixture.hpp"
#include "actors/pool/manual_threads.hpp"
#include "actors/strangers/messages.hpp"

#include <bulwark/bulkhead/load_shedder.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>
#include <bulwark/pool/detail/thread_pool_actor.hpp>

#include <catch2/catch.hpp>

// Whatever anyone sends to an actor of ours, nothing changes that is not
// theirs. `down_msg` was believed: permits, connections and allocations of one
// who worked were given to others. Events of a node were believed from anybody.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;

namespace {

struct no_pressure : pressure_source {
  pressure_gauges read(time_point) override { return {}; }
};

struct plain_connector {
  using connection = int;

  std::unique_ptr<int> open() const { return std::make_unique<int>(1); }
  bool validate(int&) const { return true; }
};

using offer = connection_offer<int>;

/// All actors of ours, and one whose belongings are at stake.
class attack_fixture : public test::manager_fixture {
public:
  attack_fixture() {
    REQUIRE_FALSE(manager.add(quota));
    auto db = add("db", {.capacity = 3});
    add("set_aside", {.capacity = 3});
    start_service();
    start_pools();
    shedder = spawn_load_shedder(rig.system(),
                                 {.source = std::make_shared<no_pressure>(),
                                  .bulkheads = [this] { return manager.all(); },
                                  .events = monitor.events,
                                  .detached = false});
    settle();
    permit_ = ada.asks<permit>(db.handle(), acquire_permits{2});
    ada.asks<service_allocation>(
      manager.handle(), allocate_resources{"orders", {{"set_aside", 2}}, true});
    ada.asks<int>(tasks, pool_task{[] { return caf::make_message(1); }});
    lease_ = ada.asks<offer>(connections, acquire_connection{});
    in_flight_ = ada.asks<int>(door.handle(), test::keep_atom::value, 5);
    ada.sends(door.handle(), test::fail_atom::value);
    caf::anon_send(monitor.handle,
                   detail::add_peer_monitor{"beta", beta.handle(), 1});
    beta_tells(1);
    settle();
  }

  ~attack_fixture() {
    // While what it tells of its children still lives.
    stop(root);
    while (working.do_one())
      settle();
    door.stop();
    quota.stop();
    bulwark::stop(shedder);
    caf::anon_send(tasks, detail::stop_pool{});
    caf::anon_send(connections, detail::stop_pool{});
    settle();
    lease_ = nullptr;
    *room = test::backroom{};
    settle();
    bulwark::stop(letters.handle);
    rig.run();
  }

  void settle() {
    do
      rig.run();
    while (connecting.do_one());
  }

  void beta_tells(uint64_t sequence) {
    event what;
    what.kind = event_kind::failure_reported;
    what.component = "/root/beta";
    what.node = "beta";
    what.boot = 1;
    what.sequence = sequence;
    beta.asks<peer_events_ack>(monitor.handle,
                               peer_events{"beta", 1, what.sequence, {what}});
  }

  using victims = std::vector<std::pair<std::string, caf::actor>>;

  /// A new one is one line.
  victims all_victims() const {
    auto db = manager.find("db");
    return {{"gate", door.handle()},
            {"return path", caf::actor_cast<caf::actor>(path)},
            {"bulkhead", db.handle()},
            {"manager", manager.handle()},
            {"load shedder", shedder},
            {"supervisor", supervisor},
            {"root", root},
            {"monitor", monitor.handle},
            {"dead letters", letters.handle},
            {"cpu quota", quota.handle()},
            {"thread pool", tasks},
            {"connection pool", connections}};
  }

  test::stranger_view view(const caf::actor& victim, const client& mallory) {
    return {victim.address(), ada.handle().address(), room->replica.address(),
            caf::actor_cast<caf::strong_actor_ptr>(mallory.handle()),
            permit_->value ? permit_->value->id : 1};
  }

  /// What must not change.
  std::vector<std::string> state() {
    std::vector<std::string> result;
    auto note = [&](const std::string& name, const auto& value) {
      result.push_back(name + " " + caf::deep_to_string(value));
    };
    auto health = manager.health();
    for (auto& [name, each] : health.bulkhead_details)
      note("use of " + name, std::pair{each.current_usage, each.max_capacity});
    note("allocations", health.service_allocations);
    auto counted = ask<thread_counts>(tasks, detail::thread_counts_request{});
    note("tasks", std::pair{counted.running, counted.waiting});
    note("connections", ask<connection_counts>(
                          connections, detail::connection_counts_request{})
                          .leased);
    note("children", list_of(supervisor));
    note("supervisors", list_of(root));
    note("events of beta",
         ask<recent_events>(monitor.handle, recent_events_request{100, "beta"})
           .events.size());
    note(
      "report of beta",
      ask<fault_tolerance_report_text>(
        monitor.handle, fault_tolerance_report_request{"json", "beta:*", 24h})
        .text);
    note("incarnations", room->incarnations);
    note("replicas up", door.status().replicas_up);
    note("request of ada is open", in_flight_->open());
    note("letters of ada", letters_of_ada());
    for (auto& [name, who] : all_victims())
      note(name + " has ended", ended_now(who));
    return result;
  }

  client ada{rig};
  client beta{rig};
  std::shared_ptr<test::backroom> room = std::make_shared<test::backroom>();
  test::manual_threads working;
  test::manual_threads connecting;
  cpu_quota quota{rig.system(), "cpu", {.quota = 50ms, .period = 100ms}};
  dead_letter_actor letters =
    keep_dead_letters(rig.system(), {.letters_max = 1000,
                                     .now = [] { return wall_time{}; },
                                     .events = monitor.events});
  bulwark::gate door{rig.system(),
                     {.service = "s",
                      .options = {.timeout = 1h},
                      .events = monitor.events,
                      .letters = letters.box}};
  caf::strong_actor_ptr path;
  caf::actor supervisor;
  caf::actor root;
  caf::actor shedder;
  caf::actor tasks;
  caf::actor connections;

private:
  void start_service() {
    door.declare_replicas(1);
    child_spec replica;
    replica.id = "s#1";
    replica.start =
      start_behind(door, 0, make_replica_factory(test::worker, room));
    replica.on_change = [this](const child_change& change) {
      door.replica_changed(0, change);
    };
    supervisor_settings inner;
    inner.path = "/root/s";
    inner.events = monitor.events;
    inner.children = {replica};
    auto branch = supervisor_child(std::move(inner));
    branch.on_change = [this](const child_change& change) {
      supervisor = caf::actor_cast<caf::actor>(change.handle);
    };
    root = spawn(settings({branch}));
    ada.sends(door.handle(), test::task{[this](caf::event_based_actor* self) {
                path = self->current_mailbox_element()->stages.back();
              }});
  }

  void start_pools() {
    thread_pool_settings web{.name = "web", .events = monitor.events};
    tasks = rig.system().spawn<detail::thread_pool_actor>(
      web, bulkhead{rig.system(), "web", bulkhead_of(web), monitor.events},
      working.host());
    connection_pool_settings sql{.name = "sql", .events = monitor.events};
    connections = rig.system().spawn<detail::connection_pool_actor>(
      sql, bulkhead{rig.system(), "sql", bulkhead_of(sql), monitor.events},
      std::make_shared<detail::driver_of<plain_connector>>(plain_connector{}),
      connecting.host());
  }

  std::vector<std::string> list_of(const caf::actor& who) {
    std::vector<std::string> result;
    for (auto& each : ask<child_list>(who, which_children{}).children)
      result.push_back(each.id + "." + std::to_string(each.incarnation) + "."
                       + std::to_string(static_cast<int>(each.state)));
    return result;
  }

  size_t letters_of_ada() {
    auto me = caf::to_string(ada.handle());
    size_t result = 0;
    for (auto& each : ask<dead_letter_list>(letters.handle,
                                            dead_letters_request{"", 0, 1000})
                        .letters)
      result += each.sender == me;
    return result;
  }

  static bool ended_now(const caf::actor& who) {
    return caf::actor_cast<caf::abstract_actor*>(who)->getf(
      caf::abstract_actor::is_terminated_flag);
  }

  std::shared_ptr<const test::reply<permit>> permit_;
  std::shared_ptr<const test::reply<offer>> lease_;
  std::shared_ptr<const test::reply<int>> in_flight_;
};

/// Sends it in each way, as one who ends then.
void attack(attack_fixture& it, const caf::actor& victim, size_t index) {
  auto send = [&](const caf::strong_actor_ptr& from, caf::message_id mid,
                  caf::message content) {
    victim->enqueue(
      caf::make_mailbox_element(from, mid, {}, std::move(content)), nullptr);
    it.settle();
  };
  client mallory{it.rig};
  auto me = caf::actor_cast<caf::strong_actor_ptr>(mallory.handle());
  auto what =
    test::stranger_messages(it.view(victim, mallory), false).at(index);
  send(me, what.mid, what.content);
  send(nullptr, what.mid, what.content);
  if (!what.mid.is_response())
    send(me,
         caf::make_message_id(100 + index).with_category(what.mid.category()),
         what.content);
  caf::anon_send_exit(mallory.handle(), caf::exit_reason::kill);
  it.settle();
}

} // namespace

TEST_CASE("nothing that a stranger sends changes what is not his",
          "[strangers]") {
  auto number = GENERATE(range(0, 12));
  attack_fixture it;
  auto all = it.all_victims();
  REQUIRE(all.size() == 12);
  auto& [name, victim] = all.at(static_cast<size_t>(number));
  auto before = it.state();
  client nobody{it.rig};
  auto count = test::stranger_messages(it.view(victim, nobody), false).size();
  for (size_t i = 0; i < count; ++i) {
    auto message =
      test::stranger_messages(it.view(victim, nobody), false).at(i).name;
    attack(it, victim, i);
    auto after = it.state();
    INFO(message << " to " << name);
    CHECK(after == before);
    before = after;
  }
  // And the monitor is not deaf to the one who may tell.
  it.beta_tells(5);
  CHECK(it.state() != before);
}

TEST_CASE("a peer that a monitor does not know yet is asked to wait",
          "[strangers][monitor]") {
  attack_fixture it;
  client gamma{it.rig};
  event what;
  what.component = "c";
  what.node = "gamma";
  what.boot = 1;
  what.sequence = 1;
  peer_events told{"gamma", 1, what.sequence, {what}};
  auto first = gamma.asks<peer_events_ack>(it.monitor.handle, told);
  CHECK(first->code() == errc::unreachable);
  caf::anon_send(it.monitor.handle,
                 detail::add_peer_monitor{"gamma", gamma.handle(), 1});
  it.settle();
  auto second = gamma.asks<peer_events_ack>(it.monitor.handle, told);
  REQUIRE(second->value);
  CHECK(second->value->upto == 1);
  // A later start of it, and a number that it cannot have come to.
  told.boot = told.events[0].boot = 2;
  CHECK(gamma.asks<peer_events_ack>(it.monitor.handle, told)->code()
        == errc::not_supported);
  told.boot = told.events[0].boot = 1;
  told.events[0].sequence = uint64_t{1} << 50;
  CHECK(gamma.asks<peer_events_ack>(it.monitor.handle, told)->value->upto == 1);
  told.events[0].sequence = 2;
  CHECK(gamma.asks<peer_events_ack>(it.monitor.handle, told)->value->upto == 2);
}
