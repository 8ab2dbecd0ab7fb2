#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/protection/detail/breaker_notices.hpp>

#include <caf/actor_cast.hpp>

#include <utility>

// Circuit breakers of several nodes for one service. What is told is lost with
// the connection; so nodes tell each other all they know when they connect.

namespace bulwark::detail {

void link::on_breaker(const link_breaker& what) {
  if (!breakers_.emplace(what.service, what.which).second)
    return;
  for (const auto& [node, known] : peers_)
    tell_breaker(known.link, what.service, what.which->knowledge(), true);
}

void link::on_breaker_news(const link_breaker_news& what) {
  for (const auto& [node, known] : peers_)
    tell_breaker(known.link, what.service, what.news);
}

void link::tell_breakers(const caf::strong_actor_ptr& whom) {
  for (const auto& [service, which] : breakers_)
    tell_breaker(whom, service, which->knowledge(), true);
}

void link::tell_breaker(const caf::strong_actor_ptr& whom,
                        const std::string& service, breaker_knowledge what,
                        bool asks) {
  peer_notice told;
  told.what = peer_notice::kind::breakers;
  told.service = service;
  told.knowledge = std::move(what);
  told.asks = asks;
  request(caf::actor_cast<caf::actor>(whom), cluster::notice_time,
          std::move(told))
    .then([] {}, [](caf::error&) {});
}

/// A node without such a breaker has nothing to say.
void link::on_breakers(const peer_notice& what) {
  if (what.knowledge.notices.size() > breaker_notices::origins_max + 1)
    return refuse("more of circuit breakers than there may be nodes",
                  current_sender());
  auto at = breakers_.find(what.service);
  if (at == breakers_.end())
    return;
  at->second->heard(what.knowledge);
  if (what.asks)
    tell_breaker(caf::actor_cast<caf::strong_actor_ptr>(current_sender()),
                 what.service, at->second->knowledge());
}

} // namespace bulwark::detail
