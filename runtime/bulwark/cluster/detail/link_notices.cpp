#include <bulwark/cluster/detail/link.hpp>

#include <caf/actor_cast.hpp>
#include <caf/response_promise.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace bulwark::detail {

caf::result<void> link::on_drain() {
  draining_ = true;
  if (peers_.empty())
    return caf::unit;
  auto answer = make_response_promise();
  auto left = std::make_shared<size_t>(peers_.size());
  auto one_less = [=]() mutable {
    if (--*left == 0)
      answer.deliver(caf::unit);
  };
  for (const auto& [node, known] : peers_)
    request(caf::actor_cast<caf::actor>(known.link), cluster::notice_time,
            peer_notice{peer_notice::kind::drains, "it is about to stop"})
      .then([=]() mutable { one_less(); },
            [=](caf::error&) mutable { one_less(); });
  return caf::delegated<void>{};
}

caf::result<void> link::on_notice(const peer_notice& what) {
  auto it = std::find_if(peers_.begin(), peers_.end(), [&](const auto& each) {
    return each.second.link == current_sender();
  });
  if (it == peers_.end()) {
    refuse("notice of one that is no peer", current_sender());
    return caf::unit;
  }
  auto node = it->first;
  if (what.what == peer_notice::kind::replaced) {
    on_replaced(node, what.reason);
    return caf::unit;
  }
  if (what.what == peer_notice::kind::doubted)
    return caf::unit;
  if (what.what == peer_notice::kind::breakers) {
    on_breakers(what);
    return caf::unit;
  }
  if (what.what != peer_notice::kind::drains) {
    on_moved(node, it->second, what);
    return caf::unit;
  }
  it->second.drains = true;
  apply(members_.leaves(node, now()));
  for (const auto& offer : it->second.offers)
    if (auto at = gates_.find(offer.service); at != gates_.end())
      at->second.peer_drains(node);
  return caf::unit;
}

/// The two would see the cluster differently, if this one kept the other.
void link::on_replaced(const std::string& node, const std::string& reason) {
  tell_refused(node, node + " refuses this node: " + reason);
  drop(node);
  apply(members_.refused(node, reason, now()));
  std::uniform_real_distribution<> unit;
  dials_.refused(node, now(), unit(random_));
  plan_dial();
}

std::string link::name_taken(const std::string& node) const {
  auto text = "the name " + node + " is taken by another node of that name";
  auto it = peers_.find(node);
  if (it != peers_.end() && !it->second.address.empty())
    text += ", which listens on " + it->second.address;
  return text;
}

void link::tell_replaced(const caf::strong_actor_ptr& whom,
                         const std::string& node) {
  request(caf::actor_cast<caf::actor>(whom), cluster::notice_time,
          peer_notice{peer_notice::kind::replaced, name_taken(node)})
    .then([] {}, [](caf::error&) {});
}

void link::on_gate(const link_gate& what) {
  if (gates_.emplace(what.service, what.which).second)
    for (const auto& [node, known] : peers_)
      for (const auto& offer : known.offers)
        if (offer.service == what.service && !(known.drains && offer.here)) {
          show(what.which, node, offer);
          stand(what.which, node, known, what.service);
        }
  if (joining_)
    untold_.insert(what.service);
  else
    tell_of_peers(what.service);
}

void link::look_at_joins() {
  if (joining_ && !dials_.join_missing())
    end_joins();
}

void link::end_joins() {
  joining_ = false;
  for (const auto& service : std::exchange(untold_, {}))
    tell_of_peers(service);
}

/// A node that nobody joined may be the first one of its cluster: others come.
void link::tell_of_peers(const std::string& service) {
  const auto& which = gates_.at(service);
  if (!options_.join.empty() && !dials_.join_missing()) {
    auto known = names();
    if (std::find(known.begin(), known.end(), service) == known.end())
      tell_unknown({component(), service, known, options_.events}, which);
  }
  which.peers_told();
}

std::vector<std::string> link::names() const {
  std::vector<std::string> result;
  for (const auto& [service, which] : options_.offers)
    result.push_back(service);
  for (const auto& [node, known] : peers_)
    for (const auto& offer : known.offers)
      result.push_back(offer.service);
  return result;
}

} // namespace bulwark::detail
