#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark::detail {

// How a node asks another one what that tells over HTTP: by their monitors,
// which know each other.

/// To a monitor, answered with `node_answer`: for what is at that path.
struct node_question {
  std::string path;
  std::string query;
};

/// A status of HTTP, and JSON.
struct node_answer {
  uint16_t status = 0;
  std::string body;
};

/// To a monitor of the same process: who answers questions from now on. Null:
/// nobody.
struct questions_to {
  caf::actor who;
};

/// To a monitor of the same process, answered with `peer_monitors`.
struct peer_monitors_request {};

/// A node that is connected, and its monitor.
struct peer_monitor {
  std::string node;
  uint64_t boot = 0;
  caf::actor handle;
};

struct peer_monitors {
  std::vector<peer_monitor> all;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_question& x) {
  return f(caf::meta::type_name("bulwark.node_question"), x.path, x.query);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_answer& x) {
  return f(caf::meta::type_name("bulwark.node_answer"), x.status, x.body);
}

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::questions_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::peer_monitors_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::peer_monitors)
