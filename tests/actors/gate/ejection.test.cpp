#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/cheap_random.hpp>

#include <catch2/catch.hpp>

// Replicas that are up and get nothing for a while, because of their answers.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// What the replicas of a service do, each by itself.
struct manners {
  std::vector<caf::actor> replicas;
  std::set<size_t> bad;
  std::map<size_t, int> handled;

  /// Promises kept for later, and who made them.
  std::vector<caf::response_promise> kept;
  std::vector<caf::actor> keepers;
};

/// Answers with an error where it is bad; never to `drop`.
caf::behavior picky(caf::event_based_actor* self,
                    const std::shared_ptr<manners>& all) {
  auto which = all->replicas.size();
  all->replicas.emplace_back(self);
  return {
    [=](int x) -> caf::result<int> {
      ++all->handled[which];
      if (all->bad.count(which) > 0)
        return caf::make_error(caf::sec::runtime_error, "disk is full");
      return x;
    },
    [=](drop_atom) {
      ++all->handled[which];
      self->make_response_promise();
      return caf::delegated<int>{};
    },
    [=](keep_atom, int) {
      ++all->handled[which];
      all->kept.push_back(self->make_response_promise());
      all->keepers.emplace_back(self);
      return caf::delegated<int>{};
    },
    [=](const task& x) { x.run(self); },
    [=](const std::string&) -> int { throw std::runtime_error{"boom"}; },
  };
}

/// A service of such replicas.
struct stage {
  gate_fixture fixture;
  std::shared_ptr<manners> all = std::make_shared<manners>();
  const service* g = nullptr;

  explicit stage(service_plan plan) {
    detail::cheap_random_state() = 4'711;
    plan.balance = balancing_strategy::round_robin;
    if (!plan.ejection)
      plan.ejection.emplace();
    g = &fixture.serve("g", make_replica_factory(picky, all), plan);
  }

  ~stage() { *all = {}; }

  std::shared_ptr<const reply<int>> ask(int n = 1) {
    std::shared_ptr<const reply<int>> last;
    for (int i = 0; i < n; ++i)
      last = fixture.ask(g->handle(), i);
    return last;
  }

  /// So many requests; returns how many of them each replica got.
  std::map<size_t, int> shares(int n) {
    all->handled.clear();
    ask(n);
    return all->handled;
  }

  /// Keeps a promise, in the turn of the one who made it.
  void deliver(size_t index, int value) {
    auto promise = all->kept.at(index);
    caf::anon_send(
      all->keepers.at(index),
      task{[=](caf::event_based_actor*) mutable { promise.deliver(value); }});
    fixture.rig.run();
  }

  size_t count(event_kind kind) { return fixture.all(kind).size(); }
};

service_plan of(size_t replicas) {
  service_plan result;
  result.replicas = replicas;
  return result;
}

} // namespace

TEST_CASE("a replica that only answers with errors gets nothing for a while",
          "[gate][ejection]") {
  stage s{of(4)};
  s.all->bad = {2};
  s.ask(20);
  auto told = s.fixture.all(event_kind::replica_ejected);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/g/g#3");
  CHECK(told[0].level == severity::low);
  CHECK(find_metadata(told[0], "cause") == "errors_in_row");
  CHECK(find_metadata(told[0], "for") == "30s");
  CHECK(find_metadata(told[0], "times") == "1");
  auto status = s.g->gate.status();
  CHECK(status.replicas_up == 3);
  CHECK(status.replicas == 4);
  REQUIRE(status.group);
  CHECK(status.group->ejected_components == 1);
  CHECK(s.shares(30) == std::map<size_t, int>{{0, 10}, {1, 10}, {3, 10}});
  // It comes back, and is ejected for longer when nothing has changed.
  s.fixture.rig.advance(31s);
  auto back = s.fixture.all(event_kind::replica_returned);
  REQUIRE(back.size() == 1);
  CHECK(back[0].component == "/root/g/g#3");
  CHECK(s.g->gate.status().replicas_up == 4);
  s.ask(20);
  told = s.fixture.all(event_kind::replica_ejected);
  REQUIRE(told.size() == 2);
  CHECK(find_metadata(told[1], "for") == "1m");
  CHECK(open_requests(s.g->gate) == 0);
}

TEST_CASE("at most half of the replicas are ejected", "[gate][ejection]") {
  auto plan = of(4);
  plan.ejection.emplace();
  plan.ejection->own = own_errors::always;
  stage s{plan};
  s.all->bad = {0, 1, 2, 3};
  s.ask(100);
  CHECK(s.count(event_kind::replica_ejected) == 2);
  CHECK(s.g->gate.status().replicas_up == 2);
  // The others go on, however bad they are.
  CHECK(s.ask()->error == caf::sec::runtime_error);
}

TEST_CASE("a client whose requests all fail ejects nobody",
          "[gate][ejection]") {
  stage s{of(4)};
  s.all->bad = {0, 1, 2, 3};
  s.ask(200);
  CHECK(s.count(event_kind::replica_ejected) == 0);
  CHECK(s.g->gate.status().replicas_up == 4);
}

TEST_CASE("the only replica is never ejected", "[gate][ejection]") {
  stage s{of(1)};
  s.all->bad = {0};
  s.ask(100);
  CHECK(s.count(event_kind::replica_ejected) == 0);
  CHECK(s.g->gate.status().replicas_up == 1);
}

TEST_CASE("what a replica is at when it is ejected it finishes",
          "[gate][ejection]") {
  stage s{of(3)};
  auto open = s.fixture.ask(s.g->handle(), keep_atom::value, 1);
  REQUIRE(s.all->kept.size() == 1);
  auto whom = s.all->handled.begin()->first;
  s.all->bad = {whom};
  s.ask(18);
  REQUIRE(s.count(event_kind::replica_ejected) == 1);
  CHECK(open->open());
  s.deliver(0, 7);
  CHECK(open->value == 7);
}

TEST_CASE("requests that nobody answers count as errors", "[gate][ejection]") {
  auto plan = of(3);
  plan.gate.timeout = 100ms;
  stage s{plan};
  std::vector<std::shared_ptr<const reply<int>>> open;
  // Fifteen, five for each: the first of them to come to five is ejected.
  for (int i = 0; i < 15; ++i)
    open.push_back(s.fixture.ask(s.g->handle(), drop_atom::value));
  s.fixture.rig.advance(1s);
  for (auto& each : open)
    CHECK(each->code() == errc::timed_out);
  CHECK(s.count(event_kind::replica_ejected) == 1);
}

TEST_CASE("what a client did wrong says nothing about a replica",
          "[gate][ejection]") {
  stage s{of(3)};
  for (int i = 0; i < 60; ++i)
    s.fixture.ask(s.g->handle(), 1.5, 2.5);
  CHECK(s.count(event_kind::replica_ejected) == 0);
  CHECK(s.g->gate.status().replicas_up == 3);
}

TEST_CASE("a replica that is much slower than the others gets nothing",
          "[gate][ejection]") {
  auto plan = of(3);
  stage s{plan};
  // Each keeps its requests; the second one answers late.
  for (int round = 0; round < 22; ++round) {
    s.all->kept.clear();
    s.all->keepers.clear();
    for (int i = 0; i < 3; ++i)
      s.fixture.ask(s.g->handle(), keep_atom::value, i);
    REQUIRE(s.all->kept.size() == 3);
    s.fixture.rig.advance(1ms);
    s.deliver(0, 1);
    s.deliver(2, 1);
    s.fixture.rig.advance(199ms);
    s.deliver(1, 1);
    if (s.count(event_kind::replica_ejected) > 0)
      break;
  }
  auto told = s.fixture.all(event_kind::replica_ejected);
  REQUIRE(told.size() == 1);
  CHECK(find_metadata(told[0], "cause") == "latency");
}

TEST_CASE("a restart ends an ejection", "[gate][ejection][death]") {
  stage s{of(3)};
  s.all->bad = {1};
  s.ask(15);
  REQUIRE(s.g->gate.status().replicas_up == 2);
  caf::anon_send(s.all->replicas[1], std::string{"boom"});
  s.fixture.rig.advance(1s);
  CHECK(s.g->gate.status().replicas_up == 3);
  CHECK(s.count(event_kind::replica_returned) == 0);
  CHECK(s.g->gate.status().group->ejected_components == 0);
}

TEST_CASE("when others die one that is ejected is used again",
          "[gate][ejection][death]") {
  stage s{of(2)};
  s.all->bad = {0};
  s.ask(12);
  REQUIRE(s.count(event_kind::replica_ejected) == 1);
  CHECK(s.fixture.ask(s.g->handle(), std::string{"boom"})->code()
        == errc::service_crashed);
  CHECK(s.count(event_kind::replica_returned) == 1);
  CHECK(s.g->gate.status().replicas_up == 1);
  CHECK(s.ask()->error == caf::sec::runtime_error);
}

TEST_CASE("a group that panics uses whoever is up, and says so",
          "[gate][ejection]") {
  auto plan = of(4);
  plan.ejection.emplace();
  plan.ejection->panic_below = 0.8;
  stage s{plan};
  s.all->bad = {3};
  s.ask(20);
  auto told = s.fixture.all(event_kind::group_panicked);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/g");
  CHECK(told[0].level == severity::medium);
  CHECK(find_metadata(told[0], "usable") == "3");
  CHECK(find_metadata(told[0], "ejected") == "1");
  CHECK(s.g->gate.status().replicas_up == 4);
  CHECK(s.g->gate.status().group->panic);
  CHECK(s.shares(40).size() == 4);
}

TEST_CASE("with a bulkhead each permit comes back while one is ejected",
          "[gate][ejection][bulkhead]") {
  gate_fixture fixture;
  auto all = std::make_shared<manners>();
  auto plan = of(2);
  plan.balance = balancing_strategy::round_robin;
  plan.ejection.emplace();
  plan.bulkhead = fixture.bulkhead(
    "pool", {.capacity = 1, .queue = 100, .queue_timeout = 10s});
  auto& g = fixture.serve("g", make_replica_factory(picky, all), plan);
  all->bad = {0};
  client alice{fixture.rig};
  int answers = 0;
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 50; ++i)
      self->request(g.handle(), caf::infinite, i)
        .then([&](int) { ++answers; }, [&](caf::error&) { ++answers; });
  });
  fixture.rig.advance(1s);
  CHECK(answers == 50);
  CHECK(fixture.all(event_kind::replica_ejected).size() == 1);
  CHECK(open_requests(g.gate) == 0);
  *all = {};
}

TEST_CASE("a key whose replica is ejected waits for it, and goes on elsewhere",
          "[gate][ejection][key]") {
  stage s{of(3)};
  auto key = call_options{.key = "ada"};
  auto first = s.fixture.ask(s.g->handle(), key, keep_atom::value, 1);
  REQUIRE(s.all->handled.size() == 1);
  auto whom = s.all->handled.begin()->first;
  s.all->bad = {whom};
  s.ask(18);
  REQUIRE(s.count(event_kind::replica_ejected) == 1);
  s.all->handled.clear();
  auto second = s.fixture.ask(s.g->handle(), key, 2);
  CHECK(second->open());
  CHECK(s.g->gate.status().waiting == 1);
  s.deliver(0, 1);
  CHECK(first->value == 1);
  CHECK(second->value == 2);
  CHECK(s.all->handled.count(whom) == 0);
}

TEST_CASE("a gate that ends with replicas ejected leaves nothing",
          "[gate][ejection]") {
  stage s{of(4)};
  s.all->bad = {0, 1};
  s.ask(40);
  REQUIRE(s.g->gate.status().replicas_up == 2);
  s.g->gate.drain();
  s.fixture.stop(s.g->supervisor);
  s.g->gate.stop();
  s.fixture.rig.run();
  CHECK(s.g->gate.status().state == service_state::stopped);
  CHECK(open_requests(s.g->gate) == 0);
}
