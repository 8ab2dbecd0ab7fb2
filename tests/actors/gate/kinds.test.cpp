#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Any plain CAF actor is a service. Those that need threads of their own are
// in kinds_threads.test.cpp.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;

int crash() {
  throw std::runtime_error{"crash"};
}

using counter = caf::typed_actor<caf::replies_to<int>::with<int>,
                                 caf::replies_to<crash_atom>::with<int>>;

struct sum {
  int value = 0;
};

caf::behavior plain() {
  return {
    [](int x) { return x + 1; },
    [](crash_atom) { return crash(); },
  };
}

caf::behavior with_self(caf::event_based_actor*) {
  return plain();
}

caf::behavior with_arguments(caf::event_based_actor*, const std::string& text,
                             std::vector<int> plus) {
  return {
    [=](int x) { return x + plus.at(0) + static_cast<int>(text.size()); },
    [](crash_atom) { return crash(); },
  };
}

caf::behavior arguments_only(int plus) {
  return {
    [=](int x) { return x + plus; },
    [](crash_atom) { return crash(); },
  };
}

caf::behavior stateful(caf::stateful_actor<sum>* self, int plus) {
  return {
    [=](int x) { return self->state.value = x + plus; },
    [](crash_atom) { return crash(); },
  };
}

caf::behavior by_become(caf::event_based_actor* self) {
  self->become(caf::message_handler{
    [](int x) { return x + 1; },
    [](crash_atom) { return crash(); },
  });
  return {};
}

counter::behavior_type typed(counter::pointer) {
  return {
    [](int x) { return x + 1; },
    [](crash_atom) { return crash(); },
  };
}

counter::behavior_type typed_stateful(counter::stateful_pointer<sum> self) {
  return {
    [=](int x) { return self->state.value = x + 1; },
    [](crash_atom) { return crash(); },
  };
}

class by_class : public caf::event_based_actor {
public:
  by_class(caf::actor_config& config, int plus)
    : event_based_actor(config), plus_(plus) {}

  caf::behavior make_behavior() override {
    return {
      [this](int x) { return x + plus_; },
      [](crash_atom) { return crash(); },
    };
  }

private:
  int plus_;
};

class typed_class : public counter::base {
public:
  explicit typed_class(caf::actor_config& config) : counter::base(config) {}

  behavior_type make_behavior() override {
    return {
      [](int x) { return x + 1; },
      [](crash_atom) { return crash(); },
    };
  }
};

/// A service of that kind answers 1 with 2, crashes, waits, and goes on.
void try_out(replica_factory factory) {
  gate_fixture fixture;
  auto& service = fixture.serve("s", std::move(factory));
  CHECK(fixture.ask(service.handle(), 1)->value == 2);
  auto poison = fixture.ask(service.handle(), crash_atom::value);
  CHECK(poison->code() == errc::service_crashed);
  CHECK(describe(poison->error) == "std::runtime_error: crash");
  auto waits = fixture.ask(service.handle(), 1);
  CHECK(waits->open());
  fixture.rig.advance(100ms);
  CHECK(waits->value == 2);
  CHECK(fixture.ask(service.handle(), 1.5)->error
        == caf::sec::unexpected_message);
  CHECK(test::open_requests(service.gate) == 0);
}

} // namespace

TEST_CASE("a function is a service", "[gate][kinds]") {
  SECTION("without self") {
    try_out(make_replica_factory(plain));
  }
  SECTION("with self") {
    try_out(make_replica_factory(with_self));
  }
  SECTION("with arguments") {
    try_out(
      make_replica_factory(with_arguments, std::string{}, std::vector<int>{1}));
  }
  SECTION("with arguments only") {
    try_out(make_replica_factory(arguments_only, 1));
  }
  SECTION("with a state") {
    try_out(make_replica_factory(stateful, 1));
  }
  SECTION("that becomes something") {
    try_out(make_replica_factory(by_become));
  }
  SECTION("of a static type") {
    try_out(make_replica_factory(typed));
  }
  SECTION("of a static type with a state") {
    try_out(make_replica_factory(typed_stateful));
  }
  SECTION("that captures") {
    auto fun = [plus = 1](caf::event_based_actor*) -> caf::behavior {
      return {
        [plus](int x) { return x + plus; },
        [](crash_atom) { return crash(); },
      };
    };
    try_out(make_replica_factory(fun));
  }
}

TEST_CASE("a class is a service", "[gate][kinds]") {
  SECTION("dynamically typed") {
    try_out(make_class_factory<by_class>(1));
  }
  SECTION("statically typed") {
    try_out(make_class_factory<typed_class>());
  }
}

TEST_CASE("a gate shows the type of its service", "[gate][kinds]") {
  gate_fixture fixture;
  auto& is_typed = fixture.serve("t", make_replica_factory(typed));
  auto& is_not = fixture.serve("d", make_replica_factory(plain));
  auto& sys = fixture.rig.system();
  CHECK(is_typed.handle()->message_types() == sys.message_types<counter>());
  CHECK(is_not.handle()->message_types().empty());
}

TEST_CASE("a typed handle of a gate works", "[gate][kinds]") {
  gate_fixture fixture;
  auto& service = fixture.serve("t", make_replica_factory(typed));
  auto handle = caf::actor_cast<counter>(service.handle());
  test::client alice{fixture.rig};
  int value = 0;
  alice.does([&](caf::event_based_actor* self) {
    self->request(handle, caf::infinite, 1).then([&](int x) { value = x; });
  });
  CHECK(value == 2);
}

TEST_CASE("every incarnation gets its arguments and a state anew",
          "[gate][kinds]") {
  gate_fixture fixture;
  auto counting = [](caf::stateful_actor<sum>* self,
                     std::vector<int> numbers) -> caf::behavior {
    return {
      [=](int x) mutable {
        numbers.push_back(x);
        self->state.value += x;
        return self->state.value * 100 + static_cast<int>(numbers.size());
      },
      [](crash_atom) { return crash(); },
    };
  };
  auto& service =
    fixture.serve("s", make_replica_factory(counting, std::vector<int>{7}));
  CHECK(fixture.ask(service.handle(), 3)->value == 302);
  CHECK(fixture.ask(service.handle(), 4)->value == 703);
  fixture.ask(service.handle(), crash_atom::value);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(service.handle(), 5)->value == 502);
}

TEST_CASE("an actor that never has a behaviour does not come up",
          "[gate][kinds]") {
  gate_fixture fixture;
  auto idle = [](caf::event_based_actor*) {};
  auto& service = fixture.serve("s", make_replica_factory(idle));
  auto asked = fixture.ask(service.handle(), 1);
  fixture.rig.advance(6s);
  CHECK(asked->error);
  CHECK(service.gate.status().replicas_up == 0);
  CHECK_FALSE(fixture.all(event_kind::child_failed).empty());
}
