#pragma once

#include "simulation/history.hpp"

#include <bulwark/supervisor/child_spec.hpp>

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace test::sim {

/// Thrown by a child at the step of its life that a run has chosen.
struct crash_point : std::runtime_error {
  crash_point() : std::runtime_error("crash point") {}
};

/// What children share with the rig that started them.
///
/// Confined to one thread.
class backstage {
public:
  /// The incarnation that is being started.
  struct newborn {
    size_t node = none;
    uint64_t incarnation = 0;
    manner how;
    bool reports_ready = false;

    /// What its supervisor sees of what it is at.
    std::shared_ptr<bulwark::child_control> control = {};
  };

  explicit backstage(history& to) : book(to) {}

  /// One more step in the life of a child: it is made, it has its behaviour,
  /// it is ready, it takes a message, it answers, it is told to end.
  /// @throws crash_point if this is the step to crash at
  void step(size_t node) {
    if (node == victim && ++steps == crash_at) {
      crashed = true;
      throw crash_point{};
    }
  }

  /// What to call the next part of a message.
  message_name next_part(message_name of) {
    of.part = ++parts_[of.whole()];
    return of;
  }

  history& book;
  newborn next;

  /// By service; while there are gates.
  std::vector<caf::actor> gates;

  /// Notes what is in use of the compartment of a service.
  std::function<void(size_t service)> look_at_permits = [](size_t) {};

  /// Nobody gets stuck any more.
  bool calm = false;

  /// Frees those who are stuck in a handler.
  std::vector<std::function<void()>> stuck;

  // Which child crashes at which step of all its lives together, from 1.
  size_t victim = none;
  size_t crash_at = 0;
  size_t steps = 0;
  bool crashed = false;

private:
  std::map<message_name, uint64_t> parts_;
};

} // namespace test::sim
