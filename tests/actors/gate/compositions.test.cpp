#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// `sink * source`, as CAF composes actors, where either is a gate. What a plain
// send made a service return was lost on its way to the next fixture.

using namespace bulwark;
using test::client;
using test::gate_fixture;

namespace {

/// What reached the last fixture, and from whom.
struct arrivals {
  std::vector<caf::message> contents;
  std::vector<caf::actor_addr> senders;
  bool ended = false;
};

caf::behavior last_fixture(caf::event_based_actor* self, arrivals* all) {
  self->attach_functor([=](const caf::error&) { all->ended = true; });
  auto note = [=](caf::message content) {
    all->contents.push_back(std::move(content));
    all->senders.push_back(
      caf::actor_cast<caf::actor_addr>(self->current_sender()));
  };
  self->set_default_handler(
    [=](caf::scheduled_actor*,
        caf::message_view& x) -> caf::result<caf::message> {
      note(x.move_content_to_message());
      return caf::message{};
    });
  return {
    [=](int x) {
      note(caf::make_message(x));
      return x + 1;
    },
  };
}

caf::behavior twice(caf::event_based_actor*) {
  return {[](int x) { return 2 * x; }};
}

struct scene {
  gate_fixture fixture;
  arrivals all;
  caf::actor last = fixture.rig.system().spawn(last_fixture, &all);
  client ada{fixture.rig};

  void check_arrived(int value) {
    REQUIRE(all.contents.size() == 1);
    REQUIRE(all.contents[0].match_elements<int>());
    CHECK(all.contents[0].get_as<int>(0) == value);
  }
};

} // namespace

TEST_CASE("the result of a plain send goes on to the next fixture",
          "[gate][composition]") {
  scene it;
  auto& s = it.fixture.serve("twice", make_replica_factory(twice));
  auto both = it.last * s.handle();
  SECTION("with its sender, who hears of the last result") {
    it.ada.sends(both, 21);
    it.check_arrived(42);
    CHECK(it.all.senders[0] == it.ada.handle());
    REQUIRE(it.ada.book().inbox.size() == 1);
    CHECK(it.ada.book().inbox[0].get_as<int>(0) == 43);
  }
  SECTION("without one") {
    caf::anon_send(both, 21);
    it.fixture.rig.run();
    it.check_arrived(42);
    CHECK_FALSE(it.all.senders[0]);
  }
  SECTION("when no replica was up at first") {
    it.fixture.control_of(s.gate, 0)->kill.store(true);
    it.ada.sends(both, 21);
    it.fixture.rig.advance(std::chrono::seconds{1});
    it.check_arrived(42);
  }
  CHECK(test::open_requests(s.gate) == 0);
  CHECK(it.fixture.all(event_kind::dead_letter).empty());
}

TEST_CASE("requests pass a composition of gates", "[gate][composition]") {
  scene it;
  auto& inner = it.fixture.serve("inner", make_replica_factory(twice));
  auto& outer = it.fixture.serve("outer", make_replica_factory(twice));
  CHECK(it.fixture.ask(it.last * inner.handle(), 5)->value == 11);
  CHECK(it.fixture.ask(outer.handle() * inner.handle(), 5)->value == 20);
  caf::anon_send(it.last * outer.handle() * inner.handle(), 5);
  it.fixture.rig.run();
  REQUIRE(it.all.contents.size() == 2);
  CHECK(it.all.contents[1].get_as<int>(0) == 20);
}

TEST_CASE("an error of a plain send becomes a dead letter and ends no fixture",
          "[gate][composition]") {
  scene it;
  auto& s = it.fixture.work("s");
  auto both = it.last * s.handle();
  it.ada.sends(both, test::fail_atom::value);
  it.ada.sends(both, test::boom_atom::value);
  it.fixture.rig.advance(std::chrono::seconds{1});
  it.ada.sends(both, 1.5);
  CHECK(it.fixture.count(event_kind::dead_letter) == 3);
  CHECK(it.all.contents.empty());
  CHECK_FALSE(it.all.ended);
  CHECK_FALSE(it.ada.ended());
}

TEST_CASE("a plain send that has no result does not reach the next fixture",
          "[gate][composition]") {
  scene it;
  auto& s = it.fixture.work("s");
  it.ada.sends(it.last * s.handle(), test::void_atom::value);
  CHECK(it.all.contents.empty());
  CHECK(it.fixture.all(event_kind::dead_letter).empty());
}

TEST_CASE("a plain send that is kept past its time goes no further",
          "[gate][composition]") {
  scene it;
  auto& s = it.fixture.work("s");
  it.ada.sends(it.last * s.handle(), test::keep_atom::value, 1);
  it.fixture.rig.advance(std::chrono::minutes{2});
  CHECK(it.fixture.all(event_kind::dead_letter).size() == 1);
  it.fixture.deliver("s", 0, 1);
  CHECK(it.all.contents.empty());
}
