#include <bulwark/cluster/detail/peer_watch.hpp>

namespace bulwark::detail {

void peer_watch::add(const std::string& node, time_point now) {
  peers_.emplace(node, peer{{options_, now}, false});
}

void peer_watch::heard(const std::string& node, time_point at) {
  if (auto it = peers_.find(node); it != peers_.end())
    it->second.arrivals.heard(at);
}

std::vector<peer_watch::change> peer_watch::look(time_point now) {
  std::vector<change> result;
  for (auto& [node, each] : peers_) {
    auto suspect = each.arrivals.suspect(now, doubt_.stretch());
    // Who is heard again is heard again, whatever this node is.
    if (suspect == each.suspect || (suspect && !doubt_.sure(now)))
      continue;
    each.suspect = suspect;
    result.push_back({node, suspect});
  }
  return result;
}

bool peer_watch::reaches(const std::string& node) const {
  auto it = peers_.find(node);
  return it != peers_.end() && !it->second.suspect;
}

} // namespace bulwark::detail
