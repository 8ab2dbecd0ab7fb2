#include "support/deterministic_system.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/node/detail/service_tree.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <stdexcept>

// The root of a node's tree fails only when a service says that it may
// (`on_limit`): whatever clients send, in whatever order.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

caf::behavior fragile(caf::event_based_actor* self) {
  return {
    [=](int x) {
      if (x % 3 == 0)
        throw std::runtime_error{"boom"};
      if (x % 7 == 0)
        self->quit(caf::exit_reason::kill);
      return x;
    },
    [](const std::string& text) { return text; },
    [=](double) { self->quit(); },
  };
}

/// Services under a root, as a node sets them up, and whoever knows the
/// handles of its gates and of all that answers through them.
class small_node {
public:
  explicit small_node(size_t services, const service_settings& settings)
    : rig_([](auto& config) { add_message_types(config); }) {
    std::vector<detail::service_declaration*> all;
    for (size_t i = 0; i < services; ++i) {
      auto& fresh = declared_.emplace_back();
      fresh.name = "s" + std::to_string(i);
      fresh.settings = settings;
      fresh.factory = make_replica_factory(fragile);
      gates_.emplace_back(rig_.system(), gate_settings{.service = fresh.name});
      gates_.back().declare_replicas(settings.replicas);
      all.push_back(&fresh);
    }
    auto find = [this](const std::string& name) {
      return gates_.at(std::stoul(name.substr(1)));
    };
    root_ = spawn_supervisor(
      rig_.system(), detail::service_tree(all, {.gate_of = find, .seed = 1}));
    root_->attach_functor([this](const caf::error&) { ended_ = true; });
    rig_.run();
  }

  small_node(const small_node&) = delete;
  small_node& operator=(const small_node&) = delete;

  ~small_node() {
    bulwark::stop(root_);
    rig_.advance(1min);
    for (auto& each : gates_)
      each.stop();
    rig_.run();
  }

  bool ended() const { return ended_; }

  /// Something that a client might send, to some gate.
  void attack(std::mt19937_64& rng) {
    auto& to = gates_[rng() % gates_.size()].handle();
    auto number = static_cast<int>(rng() % 50);
    switch (rng() % 9) {
    case 0:
      return caf::anon_send_exit(to, caf::exit_reason::kill);
    case 1:
      return caf::anon_send(to, caf::down_msg{to.address(), {}});
    case 2:
      return caf::anon_send(to, caf::make_error(caf::sec::runtime_error));
    case 3:
      return caf::anon_send(to, 1.5);
    case 4:
      return caf::anon_send(to, call_options{"k", {}, true}, number);
    case 5:
      return caf::anon_send(
        to, envelope{1'000'000, {}, nullptr, caf::make_message(number)});
    default:
      // Most of it is what services die of.
      return caf::anon_send(to, number);
    }
  }

  void pass(duration time, std::mt19937_64& rng) {
    rig_.advance_seeded(time, rng);
  }

private:
  test::deterministic_system rig_;
  std::deque<detail::service_declaration> declared_;
  std::deque<gate> gates_;
  caf::actor root_;
  bool ended_ = false;
};

} // namespace

TEST_CASE("nothing that clients send can end the root", "[node][root]") {
  auto seed = GENERATE(range(uint64_t{0}, uint64_t{60}));
  CAPTURE(seed);
  std::mt19937_64 rng{seed};
  service_settings settings;
  settings.replicas = 1 + rng() % 4;
  settings.restart.initial = 1ms;
  settings.restart.max = 10ms;
  settings.restart.intensity = static_cast<uint32_t>(rng() % 4);
  settings.restart.cool_down = 100ms;
  settings.restart.cool_down_max = 1s;
  settings.supervisor.intensity = static_cast<uint32_t>(rng() % 6);
  settings.strategy =
    std::array{restart_strategy::one_for_one, restart_strategy::one_for_all,
               restart_strategy::rest_for_one}[rng() % 3];
  small_node node{1 + rng() % 30, settings};
  for (int i = 0; i < 60; ++i) {
    for (int n = 0; n < 40; ++n)
      node.attack(rng);
    node.pass(std::chrono::milliseconds{rng() % 3000}, rng);
  }
  CHECK_FALSE(node.ended());
}

TEST_CASE("a service that may end the root does, when it fails for good",
          "[node][root]") {
  service_settings settings;
  settings.restart.initial = 1ms;
  settings.on_limit = limit_action::escalate;
  small_node node{3, settings};
  std::mt19937_64 rng{1};
  for (int i = 0; i < 60 && !node.ended(); ++i) {
    for (int n = 0; n < 40; ++n)
      node.attack(rng);
    node.pass(100ms, rng);
  }
  CHECK(node.ended());
}
