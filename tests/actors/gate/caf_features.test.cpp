// The lines of docs/caf-behind-a-gate.md that no other test is about.
#include "actors/gate/gate_fixture.hpp"

#include <caf/composable_behavior.hpp>
#include <caf/composable_behavior_based_actor.hpp>
#include <caf/group.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;
using self_atom = caf::atom_constant<caf::atom("self")>;
using note_atom = caf::atom_constant<caf::atom("note")>;

int crash() {
  throw std::runtime_error{"crash"};
}

/// What an actor may note from several incarnations.
struct notes {
  std::vector<std::string> all;
  std::vector<caf::actor> children;
};

using shared_notes = std::shared_ptr<notes>;

} // namespace

TEST_CASE("a skipped message waits in its replica, and for the next one",
          "[gate][caf]") {
  gate_fixture fixture;
  auto patient = [](caf::event_based_actor* self, int born) -> caf::behavior {
    self->set_default_handler(caf::skip);
    return {
      [](crash_atom) { return crash(); },
      [=](note_atom) {
        self->become(caf::behavior{[=](int x) { return x + born; }});
      },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(patient, 100));
  auto skipped = fixture.ask(service.handle(), 1);
  CHECK(skipped->open());
  SECTION("until the replica takes it") {
    test::client{fixture.rig}.sends(service.handle(), note_atom::value);
    CHECK(skipped->value == 101);
  }
  SECTION("also when the replica crashes") {
    fixture.ask(service.handle(), crash_atom::value);
    fixture.rig.advance(100ms);
    CHECK(skipped->open());
    test::client{fixture.rig}.sends(service.handle(), note_atom::value);
    CHECK(skipped->value == 101);
  }
  SECTION("at most until its deadline") {
    fixture.rig.advance(5s + 1ms);
    CHECK(skipped->code() == errc::timed_out);
  }
}

TEST_CASE("what a replica has become ends with it", "[gate][caf]") {
  gate_fixture fixture;
  auto moody = [](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](int x) {
        self->become(caf::behavior{
          [](int y) { return -y; },
          [](crash_atom) { return crash(); },
        });
        return x;
      },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(moody));
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(fixture.ask(service.handle(), 2)->value == -2);
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(service.handle(), 3)->value == 3);
}

TEST_CASE("an idle timeout counts from the replica's last message",
          "[gate][caf]") {
  gate_fixture fixture;
  auto noted = std::make_shared<notes>();
  auto idler = [](caf::event_based_actor*, shared_notes to) -> caf::behavior {
    return {
      [](int x) { return x; },
      [](crash_atom) { return crash(); },
      caf::after(1s) >> [=] { to->all.push_back("idle"); },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(idler, noted));
  fixture.rig.advance(900ms);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  fixture.rig.advance(900ms);
  CHECK(noted->all.empty());
  fixture.rig.advance(100ms);
  CHECK(noted->all.size() == 1);
  // The next incarnation has a timeout of its own.
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(100ms);
  noted->all.clear();
  fixture.rig.advance(999ms);
  CHECK(noted->all.empty());
  fixture.rig.advance(1ms);
  CHECK(noted->all.size() == 1);
}

TEST_CASE("a replica that joins a group leaves it by its end", "[gate][caf]") {
  gate_fixture fixture;
  auto news = fixture.rig.system().groups().get_local("news");
  auto noted = std::make_shared<notes>();
  auto reader = [](caf::event_based_actor* self, caf::group from,
                   shared_notes to) -> caf::behavior {
    self->join(from);
    return {
      [=](const std::string& text) { to->all.push_back(text); },
      [](crash_atom) { return crash(); },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(reader, news, noted));
  caf::anon_send(news, std::string{"one"});
  fixture.rig.run();
  CHECK(noted->all == std::vector<std::string>{"one"});
  fixture.ask(service.handle(), crash_atom::value);
  caf::anon_send(news, std::string{"lost: it is no message of the gate"});
  fixture.rig.run();
  fixture.rig.advance(100ms);
  caf::anon_send(news, std::string{"two"});
  fixture.rig.run();
  CHECK(noted->all == std::vector<std::string>{"one", "two"});
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("children of a replica outlive it unless they are linked",
          "[gate][caf]") {
  gate_fixture fixture;
  auto noted = std::make_shared<notes>();
  auto idle = []() -> caf::behavior { return {[](int) {}}; };
  auto parent = [=](caf::event_based_actor* self,
                    shared_notes to) -> caf::behavior {
    to->children.push_back(self->spawn(idle));
    to->children.push_back(self->spawn<caf::linked>(idle));
    return {[](crash_atom) { return crash(); }};
  };
  auto& service = fixture.serve("s", make_replica_factory(parent, noted));
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(100ms);
  REQUIRE(noted->children.size() == 4);
  auto ended = [](const caf::actor& each) {
    return caf::actor_cast<caf::abstract_actor*>(each)->getf(
      caf::abstract_actor::is_cleaned_up_flag);
  };
  CHECK_FALSE(ended(noted->children[0]));
  CHECK(ended(noted->children[1]));
  CHECK_FALSE(ended(noted->children[2]));
  CHECK_FALSE(ended(noted->children[3]));
  for (const auto& each : noted->children)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  noted->children.clear();
  fixture.rig.run();
}

TEST_CASE("who monitors a gate hears of its end, not of a crash",
          "[gate][caf]") {
  gate_fixture fixture;
  auto& service = fixture.work("s");
  client alice{fixture.rig};
  int downs = 0;
  alice.does([&](caf::event_based_actor* self) {
    self->set_down_handler([&](const caf::down_msg&) { ++downs; });
    self->monitor(service.handle());
  });
  fixture.ask(service.handle(), test::boom_atom::value);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(downs == 0);
  service.gate.stop();
  fixture.rig.run();
  CHECK(downs == 1);
}

TEST_CASE("who is linked to a gate survives crashes behind it", "[gate][caf]") {
  gate_fixture fixture;
  auto& service = fixture.work("s");
  client alice{fixture.rig};
  alice.does(
    [&](caf::event_based_actor* self) { self->link_to(service.handle()); });
  fixture.ask(service.handle(), test::boom_atom::value);
  fixture.rig.advance(100ms);
  CHECK_FALSE(alice.ended());
}

TEST_CASE("self is the replica, whose address ends with it", "[gate][caf]") {
  gate_fixture fixture;
  auto shows = [](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](self_atom) { return caf::actor_cast<caf::actor>(self); },
      [](int x) { return x; },
      [](crash_atom) { return crash(); },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(shows));
  caf::actor replica;
  {
    auto shown = fixture.ask<caf::actor>(service.handle(), self_atom::value);
    REQUIRE(shown->value);
    replica = *shown->value;
  }
  CHECK(replica != service.handle());
  CHECK(fixture.ask(replica, 1)->value == 1);
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(replica, 1)->error == caf::sec::request_receiver_down);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
}

TEST_CASE("what a replica sends itself ends with it", "[gate][caf]") {
  gate_fixture fixture;
  auto noted = std::make_shared<notes>();
  auto ticking = [](caf::event_based_actor* self,
                    shared_notes to) -> caf::behavior {
    return {
      [=](int x) {
        self->delayed_send(self, 1s, std::string{"late"});
        return x;
      },
      [=](const std::string& text) { to->all.push_back(text); },
      [](crash_atom) { return crash(); },
    };
  };
  auto& service = fixture.serve("s", make_replica_factory(ticking, noted));
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(2s);
  CHECK(noted->all.empty());
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  fixture.rig.advance(1s);
  CHECK(noted->all.size() == 1);
}

namespace {

using adder = caf::typed_actor<caf::replies_to<int>::with<int>>;
using breaker = caf::typed_actor<caf::replies_to<crash_atom>::with<int>>;

class adds : public caf::composable_behavior<adder> {
public:
  caf::result<int> operator()(int x) override { return x + 1; }
};

class crashes : public caf::composable_behavior<breaker> {
public:
  caf::result<int> operator()(crash_atom) override { return crash(); }
};

using both = caf::composed_behavior<adds, crashes>;

} // namespace

TEST_CASE("a composable behaviour is a service", "[gate][caf]") {
  gate_fixture fixture;
  auto& service = fixture.serve(
    "s", make_class_factory<caf::composable_behavior_based_actor<both>>());
  CHECK(fixture.ask(service.handle(), 1)->value == 2);
  CHECK(fixture.ask(service.handle(), crash_atom::value)->code()
        == errc::service_crashed);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(service.handle(), 2)->value == 3);
}
