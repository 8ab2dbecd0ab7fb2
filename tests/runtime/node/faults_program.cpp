// A node whose program or whose services do what they should not, by --mode.

#include <bulwark/bulwark.hpp>

#include <caf/blocking_actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;
namespace {

void print(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

class bad_exit : public caf::event_based_actor {
public:
  using event_based_actor::event_based_actor;

  void on_exit() override { throw std::runtime_error{"on_exit throws"}; }

protected:
  caf::behavior make_behavior() override {
    return {[](int x) -> int {
      if (x == 13)
        throw std::runtime_error{"13"};
      return x;
    }};
  }
};

class bad_blocking_exit : public caf::blocking_actor {
public:
  using blocking_actor::blocking_actor;

  void on_exit() override { throw 42; }

  void act() override {
    bool running = true;
    receive_while(running)([&](int x) {
      running = x != 13;
      return x;
    });
  }
};

class bad_blocking_start : public bad_blocking_exit {
public:
  using bad_blocking_exit::bad_blocking_exit;

  void initialize() override {
    static bool before = false;
    if (!std::exchange(before, true))
      throw std::runtime_error{"initialize throws"};
  }
};

/// Asks the service `s` in a thread of its own, and stops the node.
void ask_and_stop(bulwark::node& node) {
  auto asks = std::make_shared<std::thread>();
  auto door = node.gate("s");
  node.on_start([&node, asks, door] {
    *asks = std::thread{[&node, door] {
      caf::scoped_actor self{node.system()};
      for (int x : {1, 13, 2})
        self->request(door, caf::infinite, x)
          .receive([](int y) { print("answer " + std::to_string(y)); },
                   [](const caf::error& e) {
                     print("error " + bulwark::describe(e));
                   });
      node.stop();
    }};
  });
  node.on_stop([asks] { asks->join(); });
}

void declare(bulwark::node& node) {
  auto mode = node.option<std::string>("mode");
  bulwark::restart_options soon{.initial = 1ms, .max = 1ms};
  if (mode == "setup-throws-int")
    throw 42;
  if (mode == "start-throws-int")
    node.on_start([] { throw 42; });
  if (mode == "drain-throws-int") {
    node.on_drain([] { throw 42; });
    node.on_start([&node] { node.stop(); });
  }
  if (mode == "stop-throws-int") {
    node.on_stop([] { throw 42; });
    node.on_stop([] { print("second hook"); });
    node.on_start([&node] { node.stop(); });
  }
  if (mode == "bad-exit") {
    node.service<bad_exit>("s").restart(soon);
    ask_and_stop(node);
  }
  if (mode == "bad-blocking-exit") {
    node.service<bad_blocking_exit>("s").restart(soon);
    ask_and_stop(node);
  }
  if (mode == "bad-blocking-start") {
    node.service<bad_blocking_start>("s").restart(soon);
    ask_and_stop(node);
  }
}

} // namespace

int main(int argc, char** argv) {
  bulwark::application app{.name = "faults", .version = "1.2", .options = {}};
  app.options.required<std::string>("mode", "what to do");
  return bulwark::run(argc, argv, std::move(app), declare);
}
