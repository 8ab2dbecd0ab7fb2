#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// What a service does at its end may throw. An exception out of `on_exit` left
// CAF's frames and ended the whole process.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;
using quit_atom = caf::atom_constant<caf::atom("quit")>;
using both_atom = caf::atom_constant<caf::atom("both")>;

/// What the incarnations of a service left behind.
struct traces {
  int made = 0;
  int ended = 0;
  int destroyed = 0;
  bool throws = true;

  /// `on_exit` throws what is no std::exception.
  bool throws_int = false;

  /// So does the constructor of the behaviour.
  int made_in_vain = 0;
};

using traces_ptr = std::shared_ptr<traces>;

/// Lives as long as its incarnation.
struct trace {
  explicit trace(traces_ptr which) : all(std::move(which)) { ++all->made; }
  trace(const trace&) = delete;
  trace& operator=(const trace&) = delete;
  ~trace() { ++all->destroyed; }

  traces_ptr all;
};

/// Throws at its end.
class bad_exit : public caf::event_based_actor {
public:
  bad_exit(caf::actor_config& config, traces_ptr all)
    : event_based_actor(config), trace_(std::move(all)) {}

  void on_exit() override {
    ++trace_.all->ended;
    if (trace_.all->throws_int)
      throw 42;
    if (trace_.all->throws)
      throw std::runtime_error{"cannot close"};
  }

protected:
  caf::behavior make_behavior() override {
    if (trace_.all->made_in_vain > 0) {
      --trace_.all->made_in_vain;
      throw std::logic_error{"no behaviour"};
    }
    return {
      [](int x) { return x; },
      [](crash_atom) -> int { throw std::logic_error{"crash"}; },
      [this](quit_atom) {
        quit();
        return 1;
      },
      [this](both_atom) -> int {
        quit();
        throw std::logic_error{"crash"};
      },
    };
  }

private:
  trace trace_;
};

struct scene {
  gate_fixture fixture;
  traces_ptr all = std::make_shared<traces>();

  const test::service& serve(restart_type type = restart_type::permanent) {
    test::service_plan plan;
    plan.restart.type = type;
    return fixture.serve("s", make_class_factory<bad_exit>(all), plan);
  }

  std::string only_failure(failure_type type = failure_type::exception) {
    auto failed = fixture.all(event_kind::child_failed);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].component == "/root/s/s#1");
    CHECK(failed[0].failure == type);
    return failed[0].reason;
  }

  /// The next incarnation works, and of the first one nothing is left.
  void check_restarted(const test::service& s) {
    fixture.rig.advance(100ms);
    CHECK(fixture.ask(s.handle(), 7)->value == 7);
    CHECK(test::open_requests(s.gate) == 0);
    CHECK(all->made == 2);
    CHECK(all->ended == 1);
    CHECK(all->destroyed == 1);
    CHECK(fixture.all(event_kind::child_restarted).size() == 1);
  }
};

} // namespace

TEST_CASE("a crash and then an on_exit that throws are one failure",
          "[gate][on_exit]") {
  scene it;
  auto& s = it.serve();
  auto asked = it.fixture.ask(s.handle(), crash_atom::value);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(it.only_failure()
        == "std::logic_error: crash; std::runtime_error: cannot close (thrown "
           "by on_exit)");
  it.check_restarted(s);
}

TEST_CASE("an orderly end whose on_exit throws is a failure",
          "[gate][on_exit]") {
  scene it;
  auto type = GENERATE(restart_type::permanent, restart_type::transient);
  auto& s = it.serve(type);
  CHECK(it.fixture.ask(s.handle(), quit_atom::value)->value == 1);
  CHECK(it.only_failure()
        == "std::runtime_error: cannot close (thrown by on_exit)");
  it.check_restarted(s);
}

TEST_CASE("an exception after quit, and one out of on_exit",
          "[gate][on_exit]") {
  scene it;
  auto& s = it.serve();
  CHECK(it.fixture.ask(s.handle(), both_atom::value)->code()
        == errc::service_crashed);
  it.only_failure();
  it.check_restarted(s);
}

TEST_CASE("on_exit throws what is no std::exception", "[gate][on_exit]") {
  scene it;
  it.all->throws_int = true;
  auto& s = it.serve();
  CHECK(it.fixture.ask(s.handle(), quit_atom::value)->value == 1);
  CHECK(it.only_failure() == "int (thrown by on_exit)");
  it.check_restarted(s);
}

TEST_CASE("neither make_behavior nor on_exit may throw in peace",
          "[gate][on_exit]") {
  scene it;
  it.all->made_in_vain = 1;
  auto& s = it.serve();
  CHECK_THAT(it.only_failure(failure_type::start_failed),
             Catch::StartsWith("std::logic_error: no behaviour; std::runtime"));
  it.check_restarted(s);
}

TEST_CASE("what waited for a replica whose on_exit throws is handled",
          "[gate][on_exit]") {
  scene it;
  auto& s = it.serve();
  std::vector<std::shared_ptr<const test::reply<int>>> asked;
  test::client one{it.fixture.rig};
  one.does([&](caf::event_based_actor* self) {
    self->request(s.handle(), caf::infinite, crash_atom::value)
      .then([](int) {}, [](const caf::error&) {});
    for (int i = 0; i < 20; ++i) {
      auto answer = std::make_shared<test::reply<int>>();
      asked.push_back(answer);
      self->request(s.handle(), caf::infinite, i)
        .then([=](int x) { answer->value = x; },
              [=](const caf::error& e) { answer->error = e; });
    }
  });
  it.check_restarted(s);
  for (int i = 0; i < 20; ++i)
    CHECK(asked[static_cast<size_t>(i)]->value == i);
}

TEST_CASE("a supervisor stops a child whose on_exit throws",
          "[gate][on_exit]") {
  scene it;
  auto& s = it.serve();
  it.fixture.stop(s.supervisor);
  it.fixture.rig.advance(1s);
  CHECK(it.all->ended == 1);
  CHECK(it.all->destroyed == 1);
  CHECK(it.fixture.all(event_kind::child_failed).empty());
}

TEST_CASE("a killed child whose on_exit throws stays a killed one",
          "[gate][on_exit]") {
  scene it;
  auto& s = it.serve();
  test::client one{it.fixture.rig};
  one.asks<int>(s.handle(), 1);
  auto control = it.fixture.control_of(s.gate, 0);
  control->kill.store(true);
  one.asks<int>(s.handle(), 2);
  auto failed = it.fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].failure == failure_type::killed);
  CHECK_THAT(failed[0].reason, Catch::Contains("thrown by on_exit"));
  it.check_restarted(s);
}

namespace {

struct counted_state {
  traces_ptr all;

  ~counted_state() {
    if (all)
      ++all->destroyed;
  }
};

caf::behavior stateful(caf::stateful_actor<counted_state>* self,
                       const traces_ptr& all) {
  self->state.all = all;
  ++all->made;
  if (all->made_in_vain > 0) {
    --all->made_in_vain;
    throw std::logic_error{"no behaviour"};
  }
  return {
    [](int x) { return x; },
    [self](both_atom) -> int {
      self->quit();
      throw std::logic_error{"crash"};
    },
  };
}

} // namespace

TEST_CASE("the state of a stateful actor is destroyed once, however it ends",
          "[gate][on_exit]") {
  gate_fixture fixture;
  auto all = std::make_shared<traces>();
  all->made_in_vain = GENERATE(0, 1);
  auto& s = fixture.serve("s", make_replica_factory(stateful, all));
  fixture.rig.advance(100ms);
  fixture.ask(s.handle(), both_atom::value);
  fixture.rig.advance(1s);
  CHECK(fixture.ask(s.handle(), 7)->value == 7);
  CHECK(all->destroyed == all->made - 1);
}

namespace {

/// Says goodbye to a gate, in `on_exit` and in its destructor.
class polite : public caf::event_based_actor {
public:
  polite(caf::actor_config& config, caf::actor to)
    : event_based_actor(config), to_(std::move(to)) {}

  void on_exit() override {
    request(to_, caf::infinite, 1).then([](int) {});
    send(to_, 2);
    to_ = nullptr;
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [](int x) { return x; },
      [](crash_atom) -> int { throw std::logic_error{"crash"}; },
      [this](quit_atom) {
        quit();
        return 1;
      },
    };
  }

private:
  caf::actor to_;
};

} // namespace

// The message at hand was gone by then, and the gate looked at it for the
// deadline to inherit: a use after free, which the address sanitizer sees.
TEST_CASE("what on_exit asks of a gate inherits nothing", "[gate][exit]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto& service = fixture.serve("s", make_class_factory<polite>(echo.handle()),
                                {.gate = {.timeout = 1s}});
  SECTION("after a crash") {
    fixture.ask(service.handle(), crash_atom::value);
  }
  SECTION("after it quits") {
    fixture.ask(service.handle(), quit_atom::value);
  }
  fixture.rig.advance(100ms);
  CHECK(fixture.room("echo").handled == std::vector{1, 2});
  CHECK(fixture.ask(service.handle(), 5)->value == 5);
}
