#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Every way in which a replica can fail, before a real supervisor.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;
using test::service_plan;

namespace {

/// How many of the next starts fail, and how.
struct faults {
  int in_constructor = 0;
  int in_make_behavior = 0;
  int on_message = 0;
};

using faults_ptr = std::shared_ptr<faults>;

void fail_while(int& left, const char* text) {
  if (left > 0) {
    --left;
    throw std::logic_error{text};
  }
}

class brittle : public caf::event_based_actor {
public:
  brittle(caf::actor_config& config, faults_ptr plan)
    : event_based_actor(config), plan_(std::move(plan)) {
    fail_while(plan_->in_constructor, "in the constructor");
  }

protected:
  caf::behavior make_behavior() override {
    fail_while(plan_->in_make_behavior, "in make_behavior");
    return {
      [this](int x) {
        fail_while(plan_->on_message, "on a message");
        return x;
      },
    };
  }

private:
  faults_ptr plan_;
};

struct brittle_state {
  brittle_state() { fail_while(left, "in the state"); }
  static inline int left = 0;
};

caf::behavior stateful_brittle(caf::stateful_actor<brittle_state>*) {
  return {
    [](int x) { return x; },
  };
}

service_plan patient() {
  service_plan plan;
  plan.gate.timeout = 60s;
  plan.gate.stash_wait = 60s;
  return plan;
}

} // namespace

namespace {

/// Owns something of which there is one.
class owner : public caf::event_based_actor {
public:
  owner(caf::actor_config& config, int* owners)
    : event_based_actor(config), owners_(owners) {
    most = std::max(most, ++*owners_);
  }

  ~owner() override { --*owners_; }

  static inline int most = 0;

protected:
  caf::behavior make_behavior() override {
    return {
      [](int x) { return x; },
      [](test::boom_atom) { throw std::runtime_error{"boom"}; },
    };
  }

private:
  int* owners_;
};

} // namespace

TEST_CASE("what a dead incarnation owned is given back before the next starts",
          "[gate][crash]") {
  int owners = 0;
  owner::most = 0;
  {
    gate_fixture fixture;
    auto& service =
      fixture.serve("o", make_class_factory<owner>(&owners), patient());
    REQUIRE(fixture.ask(service.handle(), 1)->value == 1);
    CHECK(fixture.ask(service.handle(), test::boom_atom::value)->code()
          == errc::service_crashed);
    CHECK(owners == 0);
    fixture.rig.advance(1s);
    CHECK(owners == 1);
    CHECK(fixture.ask(service.handle(), 2)->value == 2);
  }
  CHECK(owner::most == 1);
  CHECK(owners == 0);
}

TEST_CASE("a crash before the first message is survived", "[gate][crash]") {
  gate_fixture fixture;
  auto plan = std::make_shared<faults>();
  bool in_constructor = GENERATE(true, false);
  (in_constructor ? plan->in_constructor : plan->in_make_behavior) = 2;
  auto& service =
    fixture.serve("b", make_class_factory<brittle>(plan), patient());
  auto asked = fixture.ask(service.handle(), 7);
  CHECK(asked->open());
  CHECK(service.gate.status().state == service_state::restarting);
  fixture.rig.advance(1s);
  CHECK(asked->value == 7);
  auto failures = fixture.all(event_kind::child_failed);
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].failure == failure_type::start_failed);
  CHECK(failures[0].reason
        == std::string{"std::logic_error: in "}
             + (in_constructor ? "the constructor" : "make_behavior"));
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("a crash in the constructor of the state is survived",
          "[gate][crash]") {
  gate_fixture fixture;
  brittle_state::left = 2;
  auto& service =
    fixture.serve("b", make_replica_factory(stateful_brittle), patient());
  auto asked = fixture.ask(service.handle(), 7);
  fixture.rig.advance(1s);
  CHECK(asked->value == 7);
  auto failures = fixture.all(event_kind::child_failed);
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].reason == "std::logic_error: in the state");
}

TEST_CASE("a failure tells what became of the messages left behind",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& service = fixture.work("w");
  client alice{fixture.rig};
  auto ignored = [](int) {};
  auto failed = [](caf::error&) {};
  alice.does([&](caf::event_based_actor* self) {
    auto ask = [&](auto... xs) {
      self->request(service.handle(), caf::infinite, xs...)
        .then(ignored, failed);
    };
    ask(test::keep_atom::value, 1);
    ask(test::boom_atom::value);
    ask(2);
    ask(3);
  });
  auto told = fixture.all(event_kind::child_failed).at(0);
  auto value = [&](const std::string& key) -> std::string {
    for (const auto& [name, text] : told.metadata)
      if (name == key)
        return text;
    return "";
  };
  CHECK(value("waiting") == "2 kept");
  CHECK(value("taken_up") == "1 answered");
  CHECK(value("refused").empty());
}

TEST_CASE("a crash on a message costs that message only", "[gate][crash]") {
  gate_fixture fixture;
  auto plan = std::make_shared<faults>();
  plan->on_message = 1;
  auto& service =
    fixture.serve("b", make_class_factory<brittle>(plan), patient());
  client alice{fixture.rig};
  std::vector<int> values;
  std::vector<std::string> errors;
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 5; ++i)
      self->request(service.handle(), caf::infinite, i)
        .then([&](int x) { values.push_back(x); },
              [&](caf::error& x) { errors.push_back(describe(x)); });
  });
  CHECK(errors == std::vector<std::string>{"std::logic_error: on a message"});
  CHECK(values.empty());
  fixture.rig.advance(100ms);
  CHECK(values == std::vector{2, 3, 4, 5});
  CHECK(alice.book().responses == 5);
  auto failures = fixture.all(event_kind::child_failed);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].failure == failure_type::exception);
  CHECK(failures[0].reason == "std::logic_error: on a message");
  CHECK(fixture.all(event_kind::child_restarted).size() == 1);
}

TEST_CASE("whatever is thrown, its type is told", "[gate][crash]") {
  gate_fixture fixture;
  auto thrower = [](caf::event_based_actor*) -> caf::behavior {
    return {
      [](int x) -> int {
        switch (x) {
        case 0:
          throw 42;
        case 1:
          throw "text";
        case 2:
          throw std::string{"text"};
        default:
          throw brittle_state{};
        }
      },
    };
  };
  auto& service = fixture.serve("t", make_replica_factory(thrower), patient());
  const std::vector<std::string> names = {
    "int", "char const*", "std::__cxx11::basic_string", "brittle_state"};
  for (int i = 0; i < 4; ++i) {
    auto asked = fixture.ask(service.handle(), i);
    CHECK(asked->code() == errc::service_crashed);
    CHECK_THAT(describe(asked->error), Catch::Contains(names[i]));
    fixture.rig.advance(10s);
  }
  CHECK(fixture.all(event_kind::child_failed).size() == 4);
}

TEST_CASE("a replica that is killed from outside is replaced",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto kept = fixture.ask(echo.handle(), test::keep_atom::value, 1);
  caf::anon_send_exit(fixture.room("echo").replica, caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(kept->code() == errc::replica_lost);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(echo.handle(), 7)->value == 7);
  CHECK(fixture.room("echo").incarnations == 2);
}

TEST_CASE("beyond its limit a service fails at once, until it has cooled down",
          "[gate][crash]") {
  gate_fixture fixture;
  service_plan plan = patient();
  plan.restart.intensity = 2;
  plan.restart.cool_down = 30s;
  auto& echo = fixture.work("echo", plan);
  client alice{fixture.rig};
  std::vector<errc> codes;
  int values = 0;
  alice.does([&](caf::event_based_actor* self) {
    auto on_error = [&](caf::error& x) { codes.push_back(code_of(x, {})); };
    for (int i = 0; i < 3; ++i)
      self->request(echo.handle(), caf::infinite, test::boom_atom::value)
        .then([&](int) { ++values; }, on_error);
    self->request(echo.handle(), caf::infinite, 1)
      .then([&](int) { ++values; }, on_error);
  });
  fixture.rig.advance(5s);
  // Three crashes, and the one that waited is told at once.
  CHECK(codes
        == std::vector{errc::service_crashed, errc::service_crashed,
                       errc::service_crashed, errc::service_failed});
  CHECK(echo.gate.status().state == service_state::failed);
  CHECK(echo.gate.status().waiting == 0);
  auto refused = fixture.ask(echo.handle(), 2);
  CHECK(refused->code() == errc::service_failed);
  CHECK(describe(refused->error) == "echo: failed too often, cools down");
  CHECK(fixture.all(event_kind::child_gave_up).size() == 1);
  fixture.rig.advance(30s);
  CHECK(fixture.ask(echo.handle(), 3)->value == 3);
  CHECK(echo.gate.status().state == service_state::up);
  CHECK(values == 0);
}

TEST_CASE("a replica that dies before its slot opens gets nothing",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("g", {}, 1);
  auto asked = fixture.ask(gate.handle(), 1);
  auto first = fixture.spawn_replica(gate, 0, 1, "g");
  caf::anon_send_exit(first, caf::exit_reason::kill);
  fixture.rig.run();
  // The message that it is up comes later than its death.
  fixture.change(gate, 0, child_state::up, 1, first);
  CHECK(gate.status().replicas_up == 0);
  CHECK(asked->open());
  CHECK(gate.status().waiting == 1);
  fixture.change(gate, 0, child_state::up, 2,
                 fixture.spawn_replica(gate, 0, 2, "g"));
  CHECK(asked->value == 1);
  // Nor does an old one come back.
  fixture.change(gate, 0, child_state::up, 1, first);
  CHECK(fixture.ask(gate.handle(), 2)->value == 2);
}

TEST_CASE("a replica that dies on the first of what waited gets no more",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("g", {}, 1);
  client alice{fixture.rig};
  auto poison = alice.asks<int>(gate.handle(), test::boom_atom::value);
  auto next = alice.asks<int>(gate.handle(), 1);
  fixture.change(gate, 0, child_state::up, 1,
                 fixture.spawn_replica(gate, 0, 1, "g"));
  CHECK(poison->code() == errc::service_crashed);
  CHECK(next->open());
  CHECK(gate.status().replicas_up == 0);
  CHECK(gate.status().waiting == 1);
  fixture.change(gate, 0, child_state::up, 2,
                 fixture.spawn_replica(gate, 0, 2, "g"));
  CHECK(next->value == 1);
  CHECK(alice.book().responses == 2);
}
