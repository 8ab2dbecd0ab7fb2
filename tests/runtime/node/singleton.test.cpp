// A service that runs only while this node has its role, on virtual time.
#include "support/deterministic_system.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/node/detail/service_tree.hpp>
#include <bulwark/node/detail/singleton_actor.hpp>
#include <bulwark/replica/role_token.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

namespace {

std::string token_text() {
  auto token = role_token();
  return token ? std::to_string(*token) : "none";
}

/// Its own clock, so that a handler can take as long as a frozen process.
struct lone_singleton {
  test::deterministic_system rig;
  time_point now{1h};
  strings begun;
  strings moves;
  strings answers;
  std::shared_ptr<role_state> role =
    std::make_shared<role_state>("counter", "alpha", [this] { return now; });
  gate at{rig.system(), {.service = "counter"}};
  service_declaration service;
  caf::actor root;
  caf::actor steering;

  lone_singleton() {
    service.name = "counter";
    service.singleton = true;
    service.role = role;
    service.factory = make_replica_factory([this](caf::event_based_actor*) {
      return caf::behavior{[this](const std::string& what) {
        begun.push_back(what + " " + token_text());
        if (what == "freeze")
          now += 10s;
        return what + " " + token_text();
      }};
    });
    at.declare_replicas(1);
    root = spawn_supervisor(
      rig.system(),
      service_tree({&service}, {[this](const std::string&) { return at; }}));
    singleton_settings settings;
    settings.node = "alpha";
    settings.root = root;
    settings.all = {{"counter", role, at}};
    settings.move = [this](const std::string& name, bool here) {
      moves.push_back(name + (here ? " here" : " away"));
    };
    steering = rig.system().spawn<singleton_actor>(std::move(settings));
    rig.run();
  }

  ~lone_singleton() {
    bulwark::stop(steering);
    rig.run();
    bulwark::stop(root);
    rig.run();
    at.stop();
    rig.run();
  }

  void look() {
    caf::anon_send(steering, singleton_look{});
    rig.run();
  }

  void hold(uint64_t token) {
    role->hold(token, now + 5s);
    look();
  }

  void end() {
    role->end("for the test");
    look();
  }

  /// Asks all at once.
  void ask(const strings& all) {
    rig.system().spawn([=, this](caf::event_based_actor* self) {
      for (const auto& each : all)
        self->request(at.handle(), caf::infinite, each)
          .then([this](const std::string& x) { answers.push_back(x); },
                [=, this](const caf::error& why) {
                  answers.push_back(each + " "
                                    + to_string(code_of(why, errc::stopped)));
                });
    });
    rig.run();
  }
};

} // namespace

TEST_CASE("a singleton runs while its node has its role", "[singleton]") {
  lone_singleton it;
  it.ask({"a"});
  CHECK(it.answers == strings{"a unreachable"});
  it.hold(5);
  it.ask({"b"});
  it.end();
  it.ask({"c"});
  it.hold(6);
  it.ask({"d"});
  CHECK(it.answers == strings{"a unreachable", "b 5", "c unreachable", "d 6"});
  CHECK(it.begun == strings{"b 5", "d 6"});
  CHECK(it.moves == strings{"counter here", "counter away", "counter here"});
}

TEST_CASE("a node that was held up begins nothing that waited", "[singleton]") {
  lone_singleton it;
  it.hold(5);
  it.ask({"freeze", "a", "b"});
  CHECK(it.begun == strings{"freeze 5"});
  it.end();
  it.rig.advance(1s);
  CHECK(it.begun == strings{"freeze 5"});
  CHECK(it.answers == strings{"freeze none", "a unreachable", "b unreachable"});
  it.hold(6);
  it.ask({"c"});
  CHECK(it.answers.back() == "c 6");
}

TEST_CASE("a role that comes back while the singleton still stops starts it "
          "again",
          "[singleton]") {
  lone_singleton it;
  it.hold(5);
  it.role->end("for the test");
  caf::anon_send(it.steering, singleton_look{});
  it.role->hold(6, it.now + 5s);
  it.look();
  it.rig.advance(1s);
  it.ask({"a"});
  CHECK(it.answers == strings{"a 6"});
}

TEST_CASE("nothing has a token outside of a singleton", "[singleton]") {
  CHECK_FALSE(role_token());
}
