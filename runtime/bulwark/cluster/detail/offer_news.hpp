#pragma once

#include <bulwark/gate/peer_offer.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// How one service does on the node that says so.
struct service_news {
  std::string service;
  offer_state state = offer_state::up;
  uint32_t replicas = 0;
  uint32_t load = 0;
};

/// What a node tells a peer of the services that it offers: all of them when
/// they have met, then what changes. A request, answered with nothing; only
/// from the link that said hello.
struct offer_news {
  /// Of one start of a node; what comes with a smaller one than before is old.
  uint64_t version = 0;

  std::vector<service_news> services;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, service_news& x) {
  return f(caf::meta::type_name("bulwark.service_news"), x.service, x.state,
           x.replicas, x.load);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, offer_news& x) {
  return f(caf::meta::type_name("bulwark.offer_news"), x.version, x.services);
}

} // namespace bulwark
