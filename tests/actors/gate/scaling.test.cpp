#include "actors/gate/gate_fixture.hpp"

#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <catch2/catch.hpp>

#include <random>

// More replicas, and fewer: who retires hands back what waits and finishes
// what it has taken up.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

std::shared_ptr<const test::reply<bool>>
scale(gate_fixture& fixture, const test::service& service, size_t count) {
  client operator_{fixture.rig};
  return operator_.tells(service.supervisor, scale_children{count});
}

size_t children(gate_fixture& fixture, const test::service& service) {
  auto answer = fixture.ask<child_list>(service.supervisor, which_children{});
  return answer->value.value().children.size();
}

} // namespace

TEST_CASE("a service gets more replicas, and fewer", "[gate][scaling]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  CHECK(scale(fixture, echo, 3)->value);
  CHECK(echo.gate.status().replicas_up == 3);
  CHECK(echo.gate.status().replicas == 3);
  CHECK(fixture.room("echo").incarnations == 3);
  CHECK(scale(fixture, echo, 3)->value); // Nothing to do.
  CHECK(scale(fixture, echo, 1)->value);
  CHECK(echo.gate.status().replicas_up == 1);
  CHECK(echo.gate.status().replicas == 1);
  CHECK(children(fixture, echo) == 1);
  CHECK(scale(fixture, echo, 2)->value);
  CHECK(echo.gate.status().replicas_up == 2);
  CHECK(fixture.ask(echo.handle(), 7)->value == 7);
}

TEST_CASE("a number out of bounds is refused and changes nothing",
          "[gate][scaling]") {
  gate_fixture fixture; // At most 8.
  auto& echo = fixture.work("echo");
  for (size_t count : {size_t{0}, size_t{9}}) {
    auto answer = scale(fixture, echo, count);
    CHECK(answer->code() == errc::invalid_option);
    CHECK_THAT(to_string(answer->error),
               Catch::Contains("scale_children.count is "
                               + std::to_string(count)
                               + "; it must be at least 1 and at most 8"));
  }
  CHECK(children(fixture, echo) == 1);
}

TEST_CASE("who retires finishes what it has taken up, and takes nothing new",
          "[gate][scaling]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  auto& room = fixture.room("echo");
  std::vector<std::shared_ptr<const test::reply<int>>> kept;
  for (int i = 0; i < 20; ++i)
    kept.push_back(fixture.ask(echo.handle(), test::keep_atom::value, i));
  std::set<caf::actor> all{room.keepers.begin(), room.keepers.end()};
  REQUIRE(all.size() == 2);
  auto asked = scale(fixture, echo, 1);
  fixture.rig.advance(1s);
  CHECK(asked->open());
  CHECK(echo.gate.status().replicas_up == 1);
  // New work goes to the other one alone.
  for (int i = 0; i < 10; ++i) {
    kept.push_back(fixture.ask(echo.handle(), test::keep_atom::value, 20 + i));
    CHECK(room.keepers.back() == room.keepers.at(20));
  }
  for (size_t i = 0; i < kept.size(); ++i) {
    fixture.deliver("echo", i, static_cast<int>(i));
    CHECK(kept[i]->value == static_cast<int>(i));
  }
  fixture.rig.advance(20ms);
  CHECK(asked->value);
  CHECK(children(fixture, echo) == 1);
  CHECK(fixture.all(event_kind::child_failed).empty());
  CHECK(test::open_requests(echo.gate) == 0);
}

// What it was at was tried again at once, and done twice at the same time.
TEST_CASE("who retires finishes also what may be tried again",
          "[gate][scaling]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  std::vector<std::shared_ptr<const test::reply<int>>> kept;
  for (int i = 0; i < 4; ++i)
    kept.push_back(fixture.ask(echo.handle(), call_options{.idempotent = true},
                               test::keep_atom::value, i));
  auto asked = scale(fixture, echo, 1);
  fixture.rig.advance(1s);
  CHECK(asked->open());
  CHECK(fixture.room("echo").keepers.size() == 4);
  for (size_t i = 0; i < kept.size(); ++i) {
    fixture.deliver("echo", i, static_cast<int>(i));
    CHECK(kept[i]->value == static_cast<int>(i));
  }
  fixture.rig.advance(20ms);
  CHECK(asked->value);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("who does not finish in its time is killed", "[gate][scaling]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.gate.timeout = 1min;
  plan.restart.shutdown = 2s;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  auto one = fixture.ask(echo.handle(), test::keep_atom::value, 1);
  auto two = fixture.ask(echo.handle(), test::keep_atom::value, 2);
  auto asked = scale(fixture, echo, 1);
  fixture.rig.advance(1900ms);
  CHECK(asked->open());
  fixture.rig.advance(200ms);
  CHECK(asked->value);
  // One of them was at the replica that is gone.
  CHECK((one->code() == errc::replica_lost)
        != (two->code() == errc::replica_lost));
  auto stopped = fixture.all(event_kind::child_stopped);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].metadata.at(0).first == "killed_after");
}

TEST_CASE("what waits for who retires is handled by others, in order",
          "[gate][scaling]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 50; ++i)
      self->send(echo.handle(), call_options{.key = "k"}, i);
    self->request(echo.supervisor, caf::infinite, scale_children{1})
      .then([](caf::unit_t) {});
  });
  fixture.rig.advance(1s);
  std::vector<int> all(50);
  for (int i = 0; i < 50; ++i)
    all[static_cast<size_t>(i)] = i;
  CHECK(fixture.room("echo").handled == all);
  CHECK(fixture.all(event_kind::dead_letter).empty());
}

TEST_CASE("one request for another number at a time", "[gate][scaling]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  for (int i = 0; i < 4; ++i)
    fixture.ask(echo.handle(), test::keep_atom::value, i);
  auto first = scale(fixture, echo, 1);
  REQUIRE(first->open());
  CHECK(scale(fixture, echo, 3)->code() == errc::running);
  for (size_t i = 0; i < 4; ++i)
    fixture.deliver("echo", i, 0);
  fixture.rig.advance(20ms);
  CHECK(first->value);
  CHECK(scale(fixture, echo, 3)->value);
}

TEST_CASE("scaling up and down under fire loses nothing", "[gate][scaling]") {
  auto seed = GENERATE(range(uint64_t{0}, uint64_t{60}));
  CAPTURE(seed);
  std::mt19937_64 rng{seed};
  gate_fixture fixture;
  test::service_plan plan;
  plan.restart = {.initial = 1ms, .max = 5ms, .intensity = 10'000};
  plan.limits.intensity = 10'000;
  plan.gate.timeout = 1min;
  plan.gate.stash_wait = 1min;
  auto& echo = fixture.work("echo", plan);
  std::vector<std::shared_ptr<const test::reply<int>>> answers;
  client alice{fixture.rig};
  for (int i = 0; i < 60; ++i) {
    for (auto n = rng() % 5; n > 0; --n)
      answers.push_back(alice.asks<int>(echo.handle(), i));
    if (rng() % 4 == 0)
      alice.sends(echo.handle(), test::boom_atom::value);
    caf::anon_send(echo.supervisor, scale_children{1 + rng() % 8});
    fixture.rig.advance_seeded(std::chrono::milliseconds{rng() % 4}, rng);
  }
  fixture.rig.advance_seeded(2min, rng);
  for (auto& each : answers)
    CHECK(each->value);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(echo.gate.status().replicas_up == echo.gate.status().replicas);
  CHECK(echo.gate.status().replicas == children(fixture, echo));
}
