#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/replica/health.hpp>
#include <bulwark/replica/other_replicas.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

#include <limits>

// Replicas that are asked whether they are well, that say so themselves, and
// that an operator takes for failed; and those that start slowly.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// How the replicas of a service take probes, each by itself.
struct patients {
  std::vector<caf::actor> replicas;
  std::set<size_t> sick;
  std::set<size_t> silent;
  std::map<size_t, int> probes;
  std::map<size_t, int> handled;
};

caf::behavior patient(caf::event_based_actor* self,
                      const std::shared_ptr<patients>& all) {
  auto which = all->replicas.size();
  all->replicas.emplace_back(self);
  return {
    [=](int x) {
      ++all->handled[which];
      return x;
    },
    [=](health_probe) -> caf::result<void> {
      ++all->probes[which];
      if (all->silent.count(which) > 0) {
        self->make_response_promise();
        return caf::delegated<void>{};
      }
      if (all->sick.count(which) > 0)
        return caf::make_error(caf::sec::runtime_error, "disk is full");
      return caf::unit;
    },
    [=](const task& x) { x.run(self); },
  };
}

service_plan probed(size_t replicas, size_t standby = 0) {
  service_plan result;
  result.replicas = replicas;
  result.standby = standby;
  result.probe.emplace();
  return result;
}

/// A service of such replicas.
struct ward {
  gate_fixture fixture;
  std::shared_ptr<patients> all = std::make_shared<patients>();
  const service* g = nullptr;

  explicit ward(service_plan plan) {
    detail::cheap_random_state() = 4'711;
    plan.balance = balancing_strategy::round_robin;
    g = &fixture.serve("g", make_replica_factory(patient, all), plan);
  }

  ~ward() { *all = {}; }

  /// So many requests; returns how many of them each replica got.
  std::map<size_t, int> shares(int n) {
    all->handled.clear();
    for (int i = 0; i < n; ++i)
      fixture.ask(g->handle(), i);
    return all->handled;
  }

  void inside(size_t which, std::function<void(caf::event_based_actor*)> what) {
    caf::anon_send(all->replicas.at(which), task{std::move(what)});
    fixture.rig.run();
  }

  group_replica member(size_t which) {
    return g->gate.status().members.at(which);
  }
};

} // namespace

TEST_CASE("one whose probes fail gets nothing until two go well",
          "[gate][probe]") {
  ward w{probed(3)};
  w.all->sick = {1};
  w.fixture.rig.advance(25s);
  CHECK(w.all->probes[1] == 2);
  CHECK(w.g->gate.status().replicas_up == 3);
  w.fixture.rig.advance(10s);
  CHECK(w.shares(20) == std::map<size_t, int>{{0, 10}, {2, 10}});
  auto told = w.fixture.all(event_kind::replica_ejected);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/g/g#2");
  CHECK(find_metadata(told[0], "cause") == "probe");
  CHECK(told[0].reason.find("disk is full") != std::string::npos);
  CHECK(w.member(1).status == member_status::degraded);
  w.all->sick.clear();
  w.fixture.rig.advance(10s);
  CHECK(w.g->gate.status().replicas_up == 2);
  w.fixture.rig.advance(10s);
  CHECK(w.g->gate.status().replicas_up == 3);
  CHECK(w.fixture.all(event_kind::replica_returned).size() == 1);
  CHECK(w.member(1).status == member_status::healthy);
}

TEST_CASE("no answer within a second is a failed probe", "[gate][probe]") {
  ward w{probed(2, 1)};
  w.all->silent = {0};
  w.fixture.rig.advance(30s);
  CHECK(w.member(0).status == member_status::healthy);
  w.fixture.rig.advance(1s);
  CHECK(w.member(0).reason == "3 probes failed: no answer within 1s");
  w.fixture.rig.advance(1min);
  CHECK(w.g->gate.status().replicas_up == 1);
}

TEST_CASE("a standby takes over for one that does not answer probes",
          "[gate][probe][standby]") {
  ward w{probed(1, 1)};
  w.all->silent = {0};
  w.fixture.rig.advance(31s);
  auto told = w.fixture.all(event_kind::standby_promoted);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/g/g#2");
  CHECK(told[0].reason == "3 probes failed: no answer within 1s");
  CHECK(w.shares(5) == std::map<size_t, int>{{1, 5}});
}

TEST_CASE("services that know no probes answer them", "[gate][probe]") {
  gate_fixture fixture;
  auto& g = fixture.work("w", probed(3));
  fixture.rig.advance(5min);
  CHECK(g.gate.status().replicas_up == 3);
  CHECK(fixture.all(event_kind::replica_ejected).empty());
  CHECK(fixture.all(event_kind::child_failed).empty());
  CHECK(fixture.ask(g.handle(), 7)->value == 7);
  // Their next incarnations are asked, too, and nobody asks the dead.
  fixture.ask(g.handle(), boom_atom::value);
  fixture.rig.advance(5min);
  CHECK(g.gate.status().replicas_up == 3);
  auto before = g.gate.status().members.at(0).last_health_check;
  fixture.rig.advance(10s);
  CHECK(g.gate.status().members.at(0).last_health_check == before + 10s);
}

TEST_CASE("one says that it is degraded, its load, and that it is well again",
          "[gate][declared]") {
  ward w{probed(1, 1)};
  bool known = false;
  w.inside(0, [&](auto*) {
    known = report_load(0.75) && !report_load(-1)
            && !report_load(std::numeric_limits<double>::quiet_NaN())
            && report_degraded("slow disk");
  });
  CHECK(known);
  CHECK(w.member(0).load == 0.75);
  CHECK(w.member(0).status == member_status::degraded);
  CHECK(w.member(0).reason == "slow disk");
  auto told = w.fixture.all(event_kind::standby_promoted);
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "slow disk");
  CHECK(w.shares(5) == std::map<size_t, int>{{1, 5}});
  w.inside(0, [&](auto*) { report_well(); });
  CHECK(w.member(0).status == member_status::healthy);
  CHECK(w.g->gate.status().group->can_handle_failures);
  CHECK_FALSE(report_degraded("nobody"));
}

TEST_CASE("without a group nobody listens to what a replica says",
          "[gate][declared]") {
  gate_fixture fixture;
  auto& g = fixture.work("w", {.replicas = 2});
  bool known = true;
  fixture.inside("w", [&](auto*) { known = report_degraded("slow disk"); });
  CHECK_FALSE(known);
  CHECK(g.gate.status().members.empty());
}

TEST_CASE("a replica that came up gets a tenth of its share at first",
          "[gate][slow_start]") {
  auto plan = probed(4);
  plan.probe.reset();
  plan.slow_start = 100s;
  plan.restart = {.initial = 1ms, .jitter = 0};
  ward w{plan};
  // All are cold: none has less.
  w.shares(400);
  for (size_t k = 0; k < 4; ++k)
    CHECK(w.all->handled[k] > 50);
  w.fixture.rig.advance(101s);
  w.inside(3, [](auto* self) { self->quit(caf::sec::runtime_error); });
  w.fixture.rig.advance(1s);
  REQUIRE(w.all->replicas.size() == 5);
  auto cold = w.shares(2'000)[4];
  CHECK(cold > 20);
  CHECK(cold < 100);
  w.fixture.rig.advance(60s);
  auto warmer = w.shares(2'000)[4];
  CHECK(warmer > 200);
  CHECK(warmer < 400);
  w.fixture.rig.advance(40s);
  CHECK(w.shares(2'000)[4] == 500);
}

TEST_CASE("one that is said to have failed is replaced, and started again",
          "[gate][standby][by_hand]") {
  ward w{probed(1, 1)};
  client operator_{w.fixture.rig};
  auto done = operator_.tells(w.g->supervisor, fail_child{"g#1", "bad disk"});
  CHECK(done->value);
  CHECK(w.fixture.all(event_kind::standby_promoted).size() == 1);
  auto failed = w.fixture.all(event_kind::replica_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].reason.find("bad disk") != std::string::npos);
  CHECK(w.shares(3) == std::map<size_t, int>{{1, 3}});
  w.fixture.rig.advance(1s);
  CHECK(w.member(0).status == member_status::healthy);
  CHECK(w.member(0).failure_count == 1);
  CHECK(operator_.tells(w.g->supervisor, fail_child{"g#9", ""})->code()
        == errc::not_found);
}

TEST_CASE("scaling down keeps the group with its standbys",
          "[gate][standby][scale]") {
  ward w{probed(2, 1)};
  client operator_{w.fixture.rig};
  CHECK(operator_.tells(w.g->supervisor, scale_children{5})->value);
  auto refused = operator_.tells(w.g->supervisor, scale_children{2});
  CHECK(refused->code() == errc::invalid_option);
  CHECK(operator_.tells(w.g->supervisor, scale_children{3})->value);
  CHECK(w.g->gate.status().group->standby_components == 1);
}

namespace {

using add_atom = caf::atom_constant<caf::atom("add")>;
using sum_atom = caf::atom_constant<caf::atom("sum")>;

/// Keeps a sum, and tells the others of each change.
caf::behavior ledger(caf::event_based_actor* self,
                     const std::shared_ptr<caf::actor>& gate) {
  auto sum = std::make_shared<int>(0);
  return {
    [=](int x) {
      *sum += x;
      tell_other_replicas(add_atom::value, x);
      return *sum;
    },
    [=](add_atom, int x) { *sum += x; },
    [=](sum_atom) { return *sum; },
    [=](stands_by) {
      // The first one comes up before there is anything to know.
      if (*gate)
        self->request(*gate, caf::infinite, sum_atom::value)
          .then([=](int known) { *sum = known; });
    },
    [=](boom_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

} // namespace

TEST_CASE("standbys know what the active one knew, whoever crashes",
          "[gate][standby][updates]") {
  gate_fixture fixture;
  service_plan plan;
  plan.standby = 1;
  plan.restart = {.initial = 1ms, .jitter = 0, .intensity = 1'000};
  plan.limits.intensity = 1'000;
  auto at = std::make_shared<caf::actor>();
  const auto& db = fixture.serve("db", make_replica_factory(ledger, at), plan);
  *at = db.handle();
  client alice{fixture.rig};
  int sum = 0;
  for (int round = 1; round <= 20; ++round) {
    alice.does([&](caf::event_based_actor* self) {
      for (int i = 0; i < 10; ++i)
        self->request(db.handle(), caf::infinite, round).then([&](int x) {
          CHECK(x == (sum += round));
        });
      self->request(db.handle(), caf::infinite, boom_atom::value)
        .then([](int) {}, [](const caf::error&) {});
    });
    CHECK(fixture.ask(db.handle(), sum_atom::value)->value == sum);
    fixture.rig.advance(1s);
  }
  CHECK(sum == 10 * 20 * 21 / 2);
  CHECK(fixture.all(event_kind::standby_promoted).size() == 20);
  *at = {};
}
