#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/seeds.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

// Everything that can happen to a gate, in an order that a seed decides: a
// local service of several replicas, a peer that comes and goes, crashes,
// kills, kept promises, time that passes.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;

namespace {

class chaos {
public:
  explicit chaos(uint64_t seed)
    : rng_(seed),
      here_(fixture_.work("here", plan())),
      there_(fixture_.work("there", plan())) {}

  void run() {
    for (int i = 0; i < 60; ++i)
      step();
    // Longer than any deadline, wait and grace.
    fixture_.rig.advance_seeded(2min, rng_);
    check();
  }

private:
  test::service_plan plan() {
    test::service_plan result;
    result.replicas = 1 + rng_() % 3;
    result.gate.stash_messages = 5 + rng_() % 20;
    result.gate.hop_limit = 3;
    result.restart.initial = 10ms;
    result.restart.intensity = 5;
    result.restart.cool_down = 5s;
    return result;
  }

  void step() {
    switch (rng_() % 12) {
    case 0:
      here_.gate.peer_up(
        "beta", caf::actor_cast<caf::strong_actor_ptr>(there_.handle()));
      break;
    case 1:
      here_.gate.peer_down("beta");
      break;
    case 2:
      // So that each may send to the other what the other one sent.
      there_.gate.peer_up(
        "alpha", caf::actor_cast<caf::strong_actor_ptr>(here_.handle()));
      break;
    case 3:
      caf::anon_send_exit(fixture_.room(any_room()).replica,
                          caf::exit_reason::kill);
      break;
    case 4:
      fixture_.rig.advance_seeded(rng_() % 3000 * 1ms, rng_);
      break;
    case 5:
      keep_promise();
      break;
    default:
      burst();
    }
    if (rng_() % 3 != 0)
      fixture_.rig.run_seeded(rng_);
  }

  const char* any_room() { return rng_() % 2 == 0 ? "here" : "there"; }

  void keep_promise() {
    auto& room = fixture_.room(any_room());
    if (room.kept.empty())
      return;
    auto index = rng_() % room.kept.size();
    auto back = rng_() % 2 == 0;
    auto promise = room.kept[index];
    // In the turn of the one who made it; CAF forbids all else.
    caf::anon_send(room.keepers.at(index),
                   test::task{[=, this](caf::event_based_actor*) mutable {
                     if (back)
                       promise.delegate(here_.handle(), 1);
                     else
                       promise.deliver(1);
                   }});
  }

  void burst() {
    clients_.emplace_back(fixture_.rig);
    auto to = rng_() % 4 == 0 ? there_.handle() : here_.handle();
    auto count = 1 + rng_() % 8;
    for (uint64_t i = 0; i < count; ++i)
      request(clients_.back(), to, rng_() % 10);
  }

  void request(const test::client& by, const caf::actor& to, uint64_t kind) {
    ++asked_[&by];
    auto ask = [&](auto... xs) {
      caf::anon_send(by.handle(), test::task{[=](caf::event_based_actor* self) {
                       self->request(to, caf::infinite, xs...)
                         .then([](int) {}, [](caf::error&) {});
                     }});
    };
    if (kind == 0)
      ask(test::boom_atom::value);
    else if (kind == 1)
      ask(test::fail_atom::value);
    else if (kind == 2)
      ask(test::drop_atom::value);
    else if (kind <= 4)
      ask(test::keep_atom::value, 1);
    else
      ask(static_cast<int>(kind));
  }

  void check() {
    for (auto& who : clients_) {
      CHECK(who.book().responses == asked_[&who]);
      CHECK_FALSE(who.ended());
    }
    for (auto* it : {&here_.gate, &there_.gate}) {
      CHECK(it->status().in_flight == 0);
      CHECK(it->status().waiting == 0);
      CHECK(test::open_requests(*it) == 0);
    }
  }

  gate_fixture fixture_;
  std::mt19937_64 rng_;
  const test::service& here_;
  const test::service& there_;
  std::deque<test::client> clients_;
  std::map<const test::client*, int> asked_;
};

} // namespace

TEST_CASE("whatever happens, every request has one answer", "[gate][storm]") {
  test::for_each_seed(2000, [](uint64_t seed) { chaos{seed}.run(); });
}
