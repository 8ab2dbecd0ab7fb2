#include <bulwark/cluster/detail/link.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

// Services that run on one node at a time: those that others offer, and that
// this one does.

namespace bulwark::detail {

void link::show(const gate& to, const std::string& node,
                const service_offer& what) {
  if (what.here)
    to.peer_up(node, what.gate);
  else
    to.expect_peers();
}

void link::hide(const gate& from, const std::string& node,
                const service_offer& what) {
  // Also where it ran earlier: something may still be in flight there.
  from.peer_down(node);
  if (!what.here)
    from.peers_told();
}

void link::on_offer(const link_offer& what) {
  auto changed = what.here ? taken_.insert(what.service).second
                           : taken_.erase(what.service) != 0;
  if (changed)
    for (const auto& [node, known] : peers_)
      tell_move(known.link, what.service);
}

void link::tell_moves(const caf::strong_actor_ptr& whom) {
  for (const auto& service : options_.singletons)
    tell_move(whom, service);
}

void link::tell_move(const caf::strong_actor_ptr& whom,
                     const std::string& service) {
  peer_notice told;
  told.what = taken_.count(service) != 0 ? peer_notice::kind::takes
                                         : peer_notice::kind::yields;
  told.service = service;
  request(caf::actor_cast<caf::actor>(whom), cluster::notice_time, told)
    .then([] {}, [](caf::error&) {});
}

void link::on_moved(const std::string& node, peer& from,
                    const peer_notice& what) {
  auto here = what.what == peer_notice::kind::takes;
  auto offer =
    std::find_if(from.offers.begin(), from.offers.end(), [&](const auto& each) {
      return each.service == what.service;
    });
  if (offer == from.offers.end())
    return refuse("notice of a service that was not offered", current_sender());
  if (std::exchange(offer->here, here) == here)
    return;
  auto at = gates_.find(what.service);
  if (at == gates_.end())
    return;
  show(at->second, node, *offer);
  stand(at->second, node, from, what.service);
  // What is in flight there may end there.
  if (here)
    at->second.peers_told();
  else
    at->second.peer_drains(node);
}

} // namespace bulwark::detail
