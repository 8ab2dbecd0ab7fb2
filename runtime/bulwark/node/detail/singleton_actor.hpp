#pragma once

#include <bulwark/cluster/detail/role_state.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/gate/gate.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Look whether a role was gained or lost.
struct singleton_look {};

/// A service that runs only on the node that has its role.
///
/// Immutable after construction.
struct singleton {
  std::string service;
  std::shared_ptr<role_state> role;
  gate at;
};

/// What the singletons of a node are steered with.
///
/// Immutable after construction.
struct singleton_settings {
  std::string node;

  /// The supervisor of their supervisors.
  caf::actor root;
  std::vector<singleton> all;

  /// Tells other nodes that it runs here, or not. Optional.
  std::function<void(const std::string& service, bool here)> move = {};

  emitter events = {};
};

/// Has the root supervisor start a singleton when this node gets its role, and
/// stop it when it has it no longer. That no message is begun without the role
/// does not depend on it: replicas look themselves.
///
/// Confined to one actor.
class singleton_actor final : public system_actor {
public:
  singleton_actor(caf::actor_config& config, singleton_settings settings);

  const char* name() const override { return "bulwark.singletons"; }

protected:
  caf::behavior make_behavior() override;

private:
  struct progress {
    bool runs = false;

    /// The supervisor was asked for something and has not answered.
    bool busy = false;
  };

  void look();
  void begin(size_t which);
  void end(size_t which);
  void began(size_t which, bool runs);
  void look_again();

  const singleton_settings settings_;
  std::vector<progress> progress_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::singleton_look)
