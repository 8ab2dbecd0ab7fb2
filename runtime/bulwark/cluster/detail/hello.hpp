#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/meta/type_name.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// A service and its gate on the node that says hello.
struct service_offer {
  std::string service;
  caf::strong_actor_ptr gate;

  /// Whether it runs there now. A singleton may run there later.
  bool here = true;
};

/// How nodes introduce themselves. The one that connects sends it as a
/// request, the other one answers with its own or with an error that says why
/// it will not talk.
struct hello {
  /// What both have to agree on.
  static constexpr uint32_t protocol_now = 8;

  // More than this is taken for nonsense.
  static constexpr size_t offers_max = 10'000;
  static constexpr size_t addresses_max = 64;

  uint32_t protocol = protocol_now;

  /// The name of its cluster.
  std::string cluster;

  std::string node;

  /// Which start of that node this is; later starts have larger numbers.
  uint64_t boot = 0;

  /// `HOST:PORT` where it listens, or empty.
  std::string address;

  /// Who watches over the connection, and the node's monitor.
  caf::strong_actor_ptr link;
  caf::strong_actor_ptr monitor;

  /// Who speaks for its roles, and by which rules: the same on all nodes.
  caf::strong_actor_ptr roles;
  std::vector<std::string> voters;
  duration lease{0};

  std::vector<service_offer> offers;

  /// Where other nodes that it knows listen.
  std::vector<std::string> addresses;
};

/// Returns why a node that greets with `own` does not accept `greeting`, or
/// nothing. Says field, value and rule.
[[nodiscard]] std::optional<std::string> complaint(const hello& greeting,
                                                   const hello& own);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, service_offer& x) {
  return f(caf::meta::type_name("bulwark.service_offer"), x.service, x.gate,
           x.here);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("bulwark.hello"), x.protocol, x.cluster, x.node,
           x.boot, x.address, x.link, x.monitor, x.roles, x.voters, x.lease,
           x.offers, x.addresses);
}

} // namespace bulwark
