#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/replica/foreign_child.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

using wait_atom = caf::atom_constant<caf::atom("wait")>;

/// Somebody else's actor: no class of ours.
caf::behavior stranger(caf::event_based_actor* self) {
  self->set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& x) {
    return make_error(errc::service_crashed, describe(x));
  });
  return {
    [](int x) { return x + 1; },
    [=](wait_atom) {
      self->make_response_promise();
      return caf::delegated<int>{};
    },
    [](const test::throw_this& x) { throw std::runtime_error{x.text}; },
  };
}

caf::behavior deaf(caf::event_based_actor* self) {
  self->set_exit_handler([](caf::exit_msg&) {});
  return {[](int x) { return x + 1; }};
}

/// Starts actors when it is told which.
caf::behavior starter_elsewhere(caf::event_based_actor* self) {
  auto kept = std::make_shared<caf::response_promise>();
  return {
    [=](wait_atom) {
      *kept = self->make_response_promise();
      return caf::delegated<caf::actor>{};
    },
    [=](const caf::actor& x) { kept->deliver(x); },
  };
}

/// A fixture with the strangers on it; the last one is the current one.
struct scene {
  std::vector<caf::actor> strangers;
  std::vector<child_change> changes;
  int asked = 0;
  supervision_fixture fixture;

  scene() { come(); }

  ~scene() {
    for (auto& each : strangers)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    strangers.clear();
    changes.clear();
    fixture.rig.run();
  }

  caf::strong_actor_ptr come() {
    strangers.push_back(fixture.rig.system().spawn(stranger));
    return caf::actor_cast<caf::strong_actor_ptr>(strangers.back());
  }

  child_spec spec(foreign_renewal renew = {}) {
    auto first = caf::actor_cast<caf::strong_actor_ptr>(strangers[0]);
    auto result = foreign_child("f", first, std::move(renew));
    result.restart.jitter = 0;
    result.on_change = [this](const child_change& x) { changes.push_back(x); };
    return result;
  }

  foreign_renewal at_once() {
    return [this](caf::event_based_actor*, const foreign_answer& answer) {
      ++asked;
      answer.got(come());
    };
  }
};

} // namespace

TEST_CASE("a foreign actor is adopted, watched and renewed", "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  fixture.spawn(fixture.settings({it.spec(it.at_once())}));
  CHECK(fixture.history("/root/s/f") == "child_started");
  CHECK(it.asked == 0);
  REQUIRE(it.changes.back().state == child_state::up);
  CHECK(it.changes.back().handle == it.strangers[0]);
  caf::anon_send(it.strangers[0], test::throw_this{"boom"});
  fixture.rig.run();
  auto failed = fixture.all(event_kind::child_failed).at(0);
  CHECK(failed.reason == "std::runtime_error: boom");
  CHECK(failed.failure == failure_type::exception);
  fixture.rig.advance(100ms);
  CHECK(it.asked == 1);
  CHECK(it.changes.back().handle == it.strangers[1]);
  CHECK(fixture.history("/root/s/f")
        == "child_started child_failed child_restarted");
}

TEST_CASE("a renewal may take its time, and the supervisor does not wait",
          "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  auto starter = fixture.rig.system().spawn(starter_elsewhere);
  auto renew = [=](caf::event_based_actor* self, const foreign_answer& answer) {
    self->request(starter, caf::infinite, wait_atom::value)
      .then(
        [=](const caf::actor& x) {
          answer.got(caf::actor_cast<caf::strong_actor_ptr>(x));
        },
        answer.failed);
  };
  auto top =
    fixture.spawn(fixture.settings({it.spec(renew), fixture.puppet("b")}));
  caf::anon_send_exit(it.strangers[0], caf::exit_reason::kill);
  fixture.rig.advance(20s);
  CHECK(fixture.state(top, "f") == child_state::starting);
  CHECK(fixture.state(top, "b") == child_state::up);
  it.come();
  caf::anon_send(starter, it.strangers[1]);
  fixture.rig.run();
  CHECK(fixture.state(top, "f") == child_state::up);
  caf::anon_send_exit(starter, caf::exit_reason::kill);
}

TEST_CASE("a renewal that fails is a failed start", "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  int how = GENERATE(0, 1, 2, 3);
  CAPTURE(how);
  auto renew = [&](caf::event_based_actor*, const foreign_answer& answer) {
    if (++it.asked > 1)
      answer.got(it.come());
    else if (how == 0)
      throw std::runtime_error{"no node"};
    else if (how == 1)
      answer.got(nullptr);
    else if (how == 2)
      answer.failed(caf::sec::cannot_connect_to_node);
  };
  auto top = fixture.spawn(fixture.settings({it.spec(renew)}));
  caf::anon_send_exit(it.strangers[0], caf::exit_reason::kill);
  fixture.rig.advance(how == 3 ? 31s : 1s);
  CHECK(fixture.state(top, "f") == child_state::up);
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 2);
  CHECK(failed[0].failure == failure_type::killed);
  CHECK(
    failed[1].failure
    == (how == 3 ? failure_type::ready_timeout : failure_type::start_failed));
}

TEST_CASE("a dead actor is not adopted", "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  caf::anon_send_exit(it.strangers[0], caf::exit_reason::user_shutdown);
  fixture.rig.run();
  auto spec = it.spec(it.at_once());
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  CHECK(fixture.state(top, "f") == child_state::waiting);
  fixture.rig.advance(100ms);
  CHECK(fixture.state(top, "f") == child_state::up);
}

TEST_CASE("a foreign actor is asked to end, killed, and abandoned",
          "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  auto top = fixture.spawn(fixture.settings({it.spec(it.at_once())}));
  fixture.stop(top);
  CHECK(fixture.ended(it.strangers[0]));
  CHECK(fixture.history("/root/s/f") == "child_started child_stopped");
}

TEST_CASE("one that does not hear is killed, one that cannot be is abandoned",
          "[foreign]") {
  scene it;
  auto& fixture = it.fixture;
  bool killable = GENERATE(true, false);
  gate immortal{fixture.rig.system(), {.service = "immortal"}};
  it.strangers.push_back(killable ? fixture.rig.system().spawn(deaf)
                                  : immortal.handle());
  it.strangers[0].swap(it.strangers[1]);
  auto top = fixture.spawn(fixture.settings({it.spec(it.at_once())}));
  CHECK(fixture.state(top, "f") == child_state::up);
  fixture.stop(top);
  CHECK_FALSE(fixture.ended(top));
  fixture.rig.advance(5s);
  if (!killable) {
    CHECK_FALSE(fixture.ended(top));
    fixture.rig.advance(1s);
  }
  CHECK(fixture.ended(top));
  CHECK(fixture.history("/root/s/f")
        == (killable ? "child_started child_stopped"
                     : "child_started child_abandoned"));
  immortal.stop();
  fixture.rig.run();
}

TEST_CASE("what a foreign actor had not answered is answered at its end",
          "[foreign][gate]") {
  scene it;
  auto& fixture = it.fixture;
  gate at{fixture.rig.system(), {.service = "f"}};
  at.declare_replicas(1);
  auto first = caf::actor_cast<caf::strong_actor_ptr>(it.strangers[0]);
  auto spec = foreign_child("f", first, it.at_once(), at, 0);
  spec.restart.jitter = 0;
  fixture.spawn(fixture.settings({std::move(spec)}));
  CHECK(fixture.ask<int>(at.handle(), 1) == 2);
  caf::scoped_actor self{fixture.rig.system()};
  auto open = self->request(at.handle(), caf::infinite, wait_atom::value);
  fixture.rig.run();
  caf::anon_send(it.strangers[0], test::throw_this{"boom"});
  fixture.rig.run();
  std::string why;
  open.receive([](int) {}, [&](caf::error& x) { why = describe(x); });
  // Nobody sees whether it was to blame.
  CHECK(why == "f: was taken up by a replica that ended before it answered");
  auto waits = self->request(at.handle(), caf::infinite, 5);
  fixture.rig.advance(100ms);
  int answer = 0;
  waits.receive([&](int x) { answer = x; }, [](caf::error&) {});
  CHECK(answer == 6);
  at.stop();
  fixture.rig.run();
}

TEST_CASE("what is idempotent goes to the next foreign actor",
          "[foreign][gate]") {
  scene it;
  auto& fixture = it.fixture;
  gate at{fixture.rig.system(), {.service = "f"}};
  at.declare_replicas(1);
  auto first = caf::actor_cast<caf::strong_actor_ptr>(it.strangers[0]);
  auto spec = foreign_child("f", first, it.at_once(), at, 0);
  spec.restart.jitter = 0;
  fixture.spawn(fixture.settings({std::move(spec)}));
  caf::scoped_actor self{fixture.rig.system()};
  auto open = self->request(at.handle(), caf::infinite,
                            call_options{.idempotent = true}, wait_atom::value);
  fixture.rig.run();
  caf::anon_send(it.strangers[0], test::throw_this{"boom"});
  fixture.rig.run();
  CHECK(at.status().waiting == 1);
  fixture.rig.advance(100ms);
  CHECK(at.status().waiting == 0);
  CHECK(at.status().in_flight == 1);
  at.stop();
  fixture.rig.run();
  errc code{};
  open.receive([](int) {}, [&](caf::error& x) { code = code_of(x, errc{}); });
  CHECK(code == errc::stopped);
}
