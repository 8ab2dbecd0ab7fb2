// A node that the tests of `run` steer by its options.

#include <bulwark/bulwark.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/blocking_actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

using namespace std::chrono_literals;
namespace {

void print(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

// Answers when it is told to by `finish`, not before.
caf::behavior slow(caf::event_based_actor* self) {
  using promise = caf::typed_response_promise<std::string>;
  auto open = std::make_shared<promise>();
  return {
    [=](const std::string& word) -> caf::result<std::string> {
      if (word == "finish") {
        open->deliver(std::string{"finished"});
        return std::string{"finishing"};
      }
      *open = self->make_response_promise<std::string>();
      print("slow has work");
      return *open;
    },
  };
}

// Asks `slow`, and lets it finish when the node drains.
caf::behavior patient(caf::event_based_actor* self, const caf::actor& door) {
  self->request(door, caf::infinite, std::string{"work"})
    .then([](const std::string& answer) { print("patient got " + answer); },
          [](const caf::error& e) {
            print("patient failed: " + bulwark::describe(e));
          });
  return {[](const std::string&) {}};
}

// Never comes back from its first message.
void stuck(caf::blocking_actor* self) {
  self->receive([](const std::string&) {
    print("stuck is stuck");
    for (;;)
      ::pause();
  });
}

// The same on a thread that others need.
caf::behavior spin(caf::event_based_actor*) {
  return {[](const std::string&) {
    print("spin is stuck");
    for (;;)
      ::pause();
  }};
}

// Nobody stops it.
caf::behavior ticker(caf::event_based_actor* self) {
  self->send(self, caf::tick_atom::value);
  return {[=](caf::tick_atom tick) { self->delayed_send(self, 20ms, tick); }};
}

// Dies on whatever it gets.
caf::behavior fragile(caf::event_based_actor*) {
  return {[](const std::string& word) -> std::string {
    throw std::runtime_error{"cannot stand " + word};
  }};
}

void batter(const caf::actor& door) {
  for (int i = 0; i < 100; ++i)
    caf::anon_send(door, std::string{"noise"});
}

// A class-based service with arguments.
class counter : public caf::event_based_actor {
public:
  counter(caf::actor_config& config, int first, std::string unit)
    : caf::event_based_actor(config), next_(first), unit_(std::move(unit)) {}

  caf::behavior make_behavior() override {
    return {[this](const std::string&) {
      print("counted " + std::to_string(next_++) + unit_);
    }};
  }

private:
  int next_;
  std::string unit_;
};

// Asks for three replicas, then for one.
void scale_now(caf::event_based_actor* self, bulwark::node& node) {
  auto supervisor = node.supervisor("fragile");
  auto ask = [=](size_t count) {
    return self->request(supervisor, caf::infinite,
                         bulwark::scale_children{count});
  };
  auto complain = [=, &node](const caf::error& e) {
    print("not scaled: " + bulwark::describe(e));
    self->quit();
    node.stop();
  };
  ask(3).then(
    [=, &node] {
      print("three replicas: "
            + std::to_string(node.health().services.at(0).replicas_up));
      ask(1).then(
        [=, &node] {
          print("one replica");
          self->quit();
          node.stop();
        },
        complain);
    },
    complain);
}

// As soon as there is a supervisor to ask.
caf::behavior scale(caf::event_based_actor* self, bulwark::node* node) {
  self->send(self, caf::tick_atom::value);
  return {[=](caf::tick_atom tick) {
    if (node->supervisor("fragile"))
      scale_now(self, *node);
    else
      self->delayed_send(self, 1ms, tick);
  }};
}

void print_health(const bulwark::node_health& health) {
  for (const auto& each : health.services) {
    auto line = "health " + each.service;
    if (each.remote())
      line += " remote " + to_string(each.state);
    for (const auto& name : each.required_down)
      line += " required_down=" + name;
    for (const auto& name : each.optional_down)
      line += " optional_down=" + name;
    print(line);
  }
}

void declare(bulwark::node& node) {
  auto mode = node.option<std::string>("mode");
  node.announce("mode", mode);
  if (mode == "bad-setup")
    node.service("two words", slow);
  if (mode == "broken-setup")
    throw std::logic_error{"the program's\nown fault"};
  if (mode == "no-listen")
    node.on_start([] { throw bulwark::listen_error{"port is in use"}; });
  if (mode == "no-option")
    node.announce("nowhere", node.option<std::string>("nowhere"));
  if (mode == "wrong-option")
    node.announce("mode", std::to_string(node.option<int>("mode")));
  if (mode == "leftover")
    node.on_start([&node] {
      node.system().spawn(ticker);
      node.stop();
    });
  if (mode == "stop-itself")
    node.on_start([&node] { node.stop(); });
  if (mode == "health") {
    node.role("cleaner");
    node.service<counter>("counter", 41, " apples")
      .depends_on("far")
      .uses_optional("away");
    auto door = node.gate("counter");
    node.on_start([door, &node] {
      caf::anon_send(door, std::string{"count"});
      print_health(node.health());
    });
  }
  if (mode == "circle") {
    node.service("a", slow).depends_on("b");
    node.service("b", slow).depends_on("a");
  }
  if (mode == "in-flight") {
    node.service("slow", slow);
    auto door = node.gate("slow");
    node.service("patient", patient, door).depends_on("slow");
    node.on_drain([door] {
      print("hook drain");
      caf::anon_send(door, std::string{"finish"});
    });
    node.on_stop([] { print("hook stop"); });
  }
  if (mode == "essential") {
    node.service("fragile", fragile)
      .restart({.initial = 1ms, .intensity = 2})
      .on_limit(bulwark::limit_action::escalate);
    auto door = node.gate("fragile");
    node.on_start([door] { batter(door); });
  }
  if (mode == "battered") {
    for (int i = 0; i < 30; ++i) {
      auto name = "fragile-" + std::to_string(i);
      node.service(name, fragile).restart({.initial = 1ms}).replicas(8);
      auto door = node.gate(name);
      node.on_start([door] { batter(door); });
    }
    node.on_start([] { print("battered all"); });
  }
  if (mode == "own-tree") {
    bulwark::child_spec leaf;
    leaf.id = "leaf";
    leaf.start = bulwark::start_alone(bulwark::make_replica_factory(fragile));
    bulwark::supervisor_settings tree;
    tree.path = "/root/tree";
    tree.strategy = bulwark::restart_strategy::rest_for_one;
    tree.events = node.events();
    tree.children = {leaf};
    node.child(bulwark::supervisor_child(std::move(tree)));
    node.on_start([&node] { node.stop(); });
  }
  if (mode == "child-twice") {
    bulwark::child_spec leaf;
    leaf.id = "leaf";
    leaf.start = bulwark::start_alone(bulwark::make_replica_factory(fragile));
    node.child(leaf);
    node.child(leaf);
  }
  if (mode == "scale") {
    node.service("fragile", fragile);
    node.on_start([&node] { node.system().spawn(scale, &node); });
  }
  if (mode == "spin") {
    for (auto name : {"spin-1", "spin-2"}) {
      node.service(name, spin);
      auto door = node.gate(name);
      node.on_start([door] { caf::anon_send(door, std::string{"go"}); });
    }
  }
  if (mode == "stuck") {
    node.service("stuck", stuck).blocking().restart({.shutdown = 50ms});
    auto door = node.gate("stuck");
    node.on_start([door] { caf::anon_send(door, std::string{"go"}); });
  }
}

} // namespace

int main(int argc, char** argv) {
  bulwark::application app{.name = "probe", .version = "1.2", .options = {}};
  app.options.required<std::string>("mode", "what to do");
  auto code = bulwark::run(argc, argv, std::move(app), declare);
  if (code == 0)
    print("run returned");
  return code;
}
