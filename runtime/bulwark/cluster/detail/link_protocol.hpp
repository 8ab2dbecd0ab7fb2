#pragma once

#include <bulwark/gate/gate.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

// What the link between nodes is told by its own node, and by itself. None of
// it can be serialised.

/// Begin to talk. Without `address`, nobody can connect here.
struct link_start {
  std::optional<host_port> address;
};

/// A gate of this node, perhaps of a service that lives elsewhere.
struct link_gate {
  std::string service;
  gate which;
};

/// A singleton that this node offers runs here from now on, or does not.
struct link_offer {
  std::string service;
  bool here = false;
};

/// A circuit breaker of this node that wants to know of those of others; and
/// what it has to tell them.
struct link_breaker {
  std::string service;
  std::shared_ptr<service_breaker> which;
};
struct link_breaker_news {
  std::string service;
  breaker_knowledge news;
};

/// The node is about to stop: say so to its peers. A request, answered with
/// nothing when they know.
struct link_drain {};

/// The first joins have had their time.
struct link_joined {};

/// Time to look at the dial list and at what is dialled: the timer that was set
/// for `at`.
struct link_dial {
  time_point at;
};

/// Time to look at who is a member: the timer that was set for `at`.
struct link_look {
  time_point at;
};

/// Nothing has come over the connections to a node for so long, or something
/// has again. `key`: what `wire::call` returned for it.
struct link_silence {
  std::string key;
  bool suspect = false;
  duration silence{0};
};

/// Time to look how the services of this node do.
struct link_news {};

/// The link of that start of a peer ended. Comes from a functor attached to
/// it; not a `down_msg`, because anyone can send that.
struct link_lost {
  std::string node;
  uint64_t boot = 0;
  caf::error reason;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_gate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_offer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_breaker)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_breaker_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_drain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_joined)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_dial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_look)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_silence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::link_lost)
