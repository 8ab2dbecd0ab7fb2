#pragma once

#include <caf/all.hpp>

#include <string>
#include <vector>

namespace test {

/// One message that a stranger sends.
struct stranger_message {
  std::string name;
  caf::message content;
  caf::message_id mid = caf::make_message_id();
};

/// Whom the messages name.
struct stranger_view {
  caf::actor_addr victim;

  /// Holds permits, a connection and an allocation; asked for a task.
  caf::actor_addr owner;

  /// A child of the supervisor.
  caf::actor_addr child;

  caf::strong_actor_ptr stranger;

  /// The number of the owner's permit.
  uint64_t permit = 1;

  /// A node that is connected, under which start.
  std::string peer = "beta";
  uint64_t peer_boot = 1;
};

/// Returns one of every kind that CAF and `add_message_types` know, and what
/// else a stranger may think of. A new one is one line. `remote`: only what can
/// be serialised.
std::vector<stranger_message> stranger_messages(const stranger_view& about,
                                                bool remote);

} // namespace test
