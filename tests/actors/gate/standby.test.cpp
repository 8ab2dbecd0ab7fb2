#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Replicas that stand by, and who takes over from whom.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// The seed's group: two primaries, two standbys, at least two.
service_plan database() {
  service_plan result;
  result.replicas = 2;
  result.standby = 2;
  result.group.min_healthy = 2;
  return result;
}

service_plan one_and_one() {
  service_plan result;
  result.standby = 1;
  return result;
}

/// How many replicas got `n` requests that are not answered yet.
size_t used(gate_fixture& fixture, const service& db, int n) {
  auto& keepers = fixture.room("db").keepers;
  keepers.clear();
  for (int i = 0; i < n; ++i)
    fixture.ask(db.handle(), keep_atom::value, i);
  return std::set<caf::actor>{keepers.begin(), keepers.end()}.size();
}

std::vector<std::string> components(const gate_fixture& fixture,
                                    event_kind kind) {
  std::vector<std::string> result;
  for (const auto& each : fixture.all(kind))
    result.push_back(each.component);
  return result;
}

group_health health_of(const service& db) {
  return db.gate.status().group.value();
}

} // namespace

TEST_CASE("standbys run and get no requests", "[gate][standby]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", database());
  CHECK(fixture.room("db").incarnations == 4);
  auto status = db.gate.status();
  CHECK(status.replicas == 4);
  CHECK(status.replicas_up == 2);
  CHECK(to_text(health_of(db)) == "100.0% (HIGH tolerance)");
  CHECK(used(fixture, db, 40) == 2);
}

TEST_CASE("a primary crashes, and a standby is active before the next request",
          "[gate][standby][death]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", database());
  CHECK(fixture.ask(db.handle(), boom_atom::value)->code()
        == errc::service_crashed);
  // No time has passed: the crashed one is not back.
  CHECK(db.gate.status().replicas_up == 2);
  CHECK(used(fixture, db, 40) == 2);
  auto health = health_of(db);
  CHECK(to_text(health) == "75.0% (MEDIUM tolerance)");
  CHECK(health.can_handle_failures);
  CHECK(health.failed_components == 1);
  CHECK(health.standby_components == 1);
  auto failed = fixture.all(event_kind::replica_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].reason.find("boom") != std::string::npos);
  CHECK(find_metadata(failed[0], "failures") == "1");
  auto promoted = fixture.all(event_kind::standby_promoted);
  REQUIRE(promoted.size() == 1);
  CHECK(promoted[0].component == "/root/db/db#3");
  CHECK("/root/db/" + std::string{*find_metadata(promoted[0], "instead_of")}
        == failed[0].component);
}

TEST_CASE("a failover is the end of its outage", "[gate][standby][death]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", database());
  fixture.ask(db.handle(), boom_atom::value);
  auto down = fixture.all(event_kind::service_down);
  REQUIRE(down.size() == 1);
  CHECK(down[0].component == "/root/db");
  CHECK(down[0].level == severity::medium);
  CHECK(down[0].failure == failure_type::exception);
  CHECK(find_metadata(down[0], "up") == "1");
  auto up = fixture.all(event_kind::service_up);
  REQUIRE(up.size() == 1);
  CHECK(find_metadata(up[0], "method") == "failover");
  CHECK(up[0].downtime == duration::zero());
  // Neither its supervisor nor its restart tells of another one.
  fixture.rig.advance(10s);
  CHECK(fixture.all(event_kind::service_down).size() == 1);
  CHECK(fixture.all(event_kind::service_up).size() == 1);
  CHECK(fixture.all(event_kind::child_restarted).size() == 1);
}

TEST_CASE("what waited for a dead primary goes to its standby, in order",
          "[gate][standby][death]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", one_and_one());
  client alice{fixture.rig};
  std::vector<int> answers;
  alice.does([&](caf::event_based_actor* self) {
    self->request(db.handle(), caf::infinite, boom_atom::value)
      .then([](int) {}, [](caf::error&) {});
    for (int i = 0; i < 50; ++i)
      self->request(db.handle(), caf::infinite, i).then([&](int x) {
        answers.push_back(x);
      });
  });
  REQUIRE(answers.size() == 50);
  CHECK(std::is_sorted(answers.begin(), answers.end()));
  CHECK(db.gate.status().replicas_up == 1);
  auto moved = fixture.all(event_kind::load_redistributed);
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].component == "/root/db/db#1");
  CHECK(find_metadata(moved[0], "requests") == "50");
}

TEST_CASE("who comes back stands by", "[gate][standby]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", one_and_one());
  fixture.ask(db.handle(), boom_atom::value);
  fixture.rig.advance(1s);
  CHECK(to_text(health_of(db)) == "100.0% (HIGH tolerance)");
  CHECK(db.gate.status().replicas_up == 1);
  CHECK(fixture.all(event_kind::failed_back).empty());
  // The other way round.
  fixture.ask(db.handle(), boom_atom::value);
  CHECK(components(fixture, event_kind::standby_promoted)
        == std::vector<std::string>{"/root/db/db#2", "/root/db/db#1"});
  CHECK(db.gate.status().replicas_up == 1);
}

TEST_CASE("a preferred one takes its place back after a minute of health",
          "[gate][standby]") {
  gate_fixture fixture;
  auto plan = one_and_one();
  plan.group.policy = fail_back::preferred;
  auto& db = fixture.work("db", plan);
  fixture.ask(db.handle(), boom_atom::value);
  auto& keepers = fixture.room("db").keepers;
  used(fixture, db, 1);
  auto stand_in = keepers.at(0);
  fixture.rig.advance(59s);
  CHECK(fixture.all(event_kind::failed_back).empty());
  fixture.rig.advance(2s);
  auto told = fixture.all(event_kind::failed_back);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/db/db#1");
  CHECK(find_metadata(told[0], "instead_of") == "db#2");
  used(fixture, db, 1);
  CHECK(keepers.at(0) != stand_in);
  CHECK(db.gate.status().replicas_up == 1);
}

TEST_CASE("without a standby that is well the group is exhausted, until one is",
          "[gate][standby][death]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", one_and_one());
  fixture.ask(db.handle(), boom_atom::value);
  fixture.ask(db.handle(), boom_atom::value);
  auto told = fixture.all(event_kind::group_exhausted);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/db");
  CHECK(told[0].level == severity::medium);
  CHECK(find_metadata(told[0], "min_healthy") == "1");
  CHECK(db.gate.status().replicas_up == 0);
  // It is hoped for: what comes waits, and is handled by the first one back.
  auto open = fixture.ask(db.handle(), 7);
  CHECK(open->open());
  fixture.rig.advance(1s);
  CHECK(open->value == 7);
  CHECK(db.gate.status().replicas_up == 1);
  auto up = fixture.all(event_kind::service_up);
  REQUIRE(up.size() == 2);
  CHECK(*up[1].downtime > duration::zero());
  CHECK(fixture.all(event_kind::service_down).size() == 2);
}

TEST_CASE("a failed standby is passed over, and not lost", "[gate][standby]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", database());
  // The first standby is down when it is needed.
  caf::anon_send_exit(fixture.room("db").replica, caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(fixture.all(event_kind::replica_failed).size() == 1);
  CHECK(fixture.all(event_kind::service_down).empty());
  fixture.ask(db.handle(), boom_atom::value);
  CHECK(components(fixture, event_kind::standby_promoted)
        == std::vector<std::string>{"/root/db/db#3"});
  fixture.ask(db.handle(), boom_atom::value);
  CHECK(fixture.all(event_kind::group_exhausted).size() == 1);
  fixture.rig.advance(1s);
  CHECK(db.gate.status().replicas_up == 2);
  CHECK(to_text(health_of(db)) == "100.0% (HIGH tolerance)");
}

TEST_CASE("a standby takes over for a primary that is ejected",
          "[gate][standby][ejection]") {
  gate_fixture fixture;
  auto plan = one_and_one();
  plan.ejection.emplace();
  // Nobody else answers whom it could be compared with.
  plan.ejection->own = own_errors::always;
  auto& db = fixture.work("db", plan);
  for (int i = 0; i < 5; ++i)
    fixture.ask(db.handle(), fail_atom::value);
  CHECK(components(fixture, event_kind::replica_ejected)
        == std::vector<std::string>{"/root/db/db#1"});
  CHECK(components(fixture, event_kind::standby_promoted)
        == std::vector<std::string>{"/root/db/db#2"});
  CHECK(fixture.all(event_kind::service_down).empty());
  CHECK(db.gate.status().replicas_up == 1);
  CHECK(fixture.ask(db.handle(), 3)->value == 3);
}

TEST_CASE("never do two serve where one is to", "[gate][standby][death]") {
  auto seed = GENERATE(range(0, 40));
  CAPTURE(seed);
  gate_fixture fixture;
  std::mt19937_64 rng{static_cast<uint64_t>(seed)};
  service_plan plan = one_and_one();
  plan.standby = 1 + rng() % 2;
  plan.restart = {.initial = 1ms, .max = 20ms, .intensity = 10'000};
  plan.limits.intensity = 10'000;
  plan.gate.timeout = 10min;
  plan.gate.stash_wait = 10min;
  if (rng() % 2 == 0)
    plan.ejection.emplace();
  auto& db = fixture.work("db", plan);
  std::vector<std::shared_ptr<const reply<int>>> answers;
  for (int i = 0; i < 60; ++i) {
    switch (rng() % 8) {
    case 0:
      fixture.ask(db.handle(), boom_atom::value);
      break;
    case 1:
      fixture.ask(db.handle(), fail_atom::value);
      break;
    case 2:
      fixture.rig.advance(std::chrono::milliseconds{rng() % 100});
      break;
    default:
      answers.push_back(fixture.ask(db.handle(), i));
    }
    CHECK(db.gate.status().replicas_up <= 1);
  }
  fixture.rig.advance(1min);
  for (auto& each : answers)
    CHECK(each->value);
  CHECK(db.gate.status().replicas_up == 1);
  CHECK(open_requests(db.gate) == 0);
}

TEST_CASE("when a node ends no standby takes over", "[gate][standby]") {
  gate_fixture fixture;
  auto& db = fixture.work("db", database());
  db.gate.drain();
  fixture.stop(db.supervisor);
  db.gate.stop();
  fixture.rig.run();
  CHECK(fixture.all(event_kind::replica_failed).empty());
  CHECK(fixture.all(event_kind::standby_promoted).empty());
  CHECK(fixture.all(event_kind::service_down).empty());
  CHECK(open_requests(db.gate) == 0);
}

TEST_CASE("a gate without standbys knows no group", "[gate][standby]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", {.replicas = 3});
  CHECK_FALSE(g.gate.status().group);
  fixture.ask(g.handle(), boom_atom::value);
  CHECK(fixture.all(event_kind::replica_failed).empty());
}
