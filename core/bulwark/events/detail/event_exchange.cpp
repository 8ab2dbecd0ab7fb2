#include <bulwark/events/detail/event_exchange.hpp>

#include <algorithm>
#include <iterator>

namespace bulwark {

size_t event_exchange::boots_of(const std::string& node) const {
  return static_cast<size_t>(std::distance(
    here_.lower_bound({node, 0}), here_.upper_bound({node, UINT64_MAX})));
}

size_t event_exchange::nodes() const {
  size_t result = 0;
  for (auto i = here_.begin(); i != here_.end();
       i = here_.upper_bound({i->first.first, UINT64_MAX}))
    ++result;
  return result;
}

bool event_exchange::takes(const std::string& node, uint64_t boot) const {
  if (here_.contains({node, boot}))
    return true;
  auto boots = boots_of(node);
  if (boots == 0)
    return node == own_node_ || nodes() < nodes_max;
  return boots < boots_max || boot > here_.lower_bound({node, 0})->first.second;
}

void event_exchange::enter(const event_position& at) {
  origin name{at.node, at.boot};
  if (!takes(at.node, at.boot))
    return;
  if (!here_.contains(name) && boots_of(at.node) >= boots_max) {
    auto oldest = here_.lower_bound({at.node, 0});
    moved_.erase(oldest->first);
    forgotten_.push_back(oldest->first);
    here_.erase(oldest);
  }
  auto& upto = here_[name];
  upto = std::max(upto, at.upto);
  moved_[name] = upto;
}

std::vector<event_exchange::origin> event_exchange::take_forgotten() {
  return std::exchange(forgotten_, {});
}

void event_exchange::moved(const std::vector<event_position>& durable,
                           time_point now) {
  for (const auto& at : durable) {
    enter(at);
    origin name{at.node, at.boot};
    auto here = here_.find(name);
    if (here == here_.end())
      continue;
    for (auto& [node, peer] : peers_)
      if (peer.known)
        compare(peer, name, here->second, now);
  }
}

void event_exchange::lost_history(const std::vector<event_position>& durable,
                                  time_point now) {
  for (auto& [name, upto] : here_) {
    upto = 0;
    moved_[name] = 0;
  }
  moved(durable, now);
}

bool event_exchange::is_behind(const event_position& durable) const {
  auto known = here_.find({durable.node, durable.boot});
  return known != here_.end() && durable.upto < known->second;
}

void event_exchange::compare(peer_state& of, const origin& name, uint64_t upto,
                             time_point now) const {
  auto& has = of.has[name];
  if (has.upto >= upto)
    has.since.reset();
  else if (!has.since)
    has.since = now;
}

void event_exchange::add_peer(const std::string& peer) {
  peers_[peer] = {};
}

void event_exchange::remove_peer(const std::string& peer) {
  peers_.erase(peer);
}

void event_exchange::told(const std::string& peer,
                          const std::vector<event_position>& has, bool anew,
                          time_point now) {
  auto known = peers_.find(peer);
  if (known == peers_.end())
    return;
  auto& of = known->second;
  if (anew)
    of.has.clear();
  for (const auto& at : has) {
    origin name{at.node, at.boot};
    if (here_.contains(name))
      of.has[name].upto = std::max(of.has[name].upto, at.upto);
  }
  of.known = true;
  std::erase_if(of.has,
                [&](const auto& x) { return !here_.contains(x.first); });
  for (const auto& [name, upto] : here_)
    compare(of, name, upto, now);
}

std::optional<event_exchange::batch>
event_exchange::next(const std::string& peer, time_point now) {
  auto known = peers_.find(peer);
  if (known == peers_.end() || !known->second.known || known->second.on_way)
    return std::nullopt;
  auto& of = known->second;
  for (auto& [name, has] : of.has) {
    auto own = name.first == own_node_;
    // A node knows its own events, unless it has lost them.
    auto due = own || (has.since && *has.since + relay_after <= now);
    auto here = here_.find(name);
    if (here == here_.end() || has.upto >= here->second || !due
        || now < has.not_before)
      continue;
    of.on_way = name;
    return batch{name.first, name.second, has.upto + 1};
  }
  return std::nullopt;
}

void event_exchange::arrived(const std::string& peer, uint64_t upto,
                             time_point now) {
  auto known = peers_.find(peer);
  if (known == peers_.end() || !known->second.on_way)
    return;
  auto name = *known->second.on_way;
  known->second.on_way.reset();
  auto here = here_.find(name);
  if (here == here_.end())
    return;
  auto& has = known->second.has[name];
  if (upto <= has.upto)
    has.not_before = now + relay_after;
  has.upto = std::max(has.upto, upto);
  compare(known->second, name, here->second, now);
}

void event_exchange::lost(const std::string& peer) {
  auto known = peers_.find(peer);
  if (known != peers_.end())
    known->second.on_way.reset();
}

std::vector<event_position> event_exchange::take_moved() {
  std::vector<event_position> result;
  for (const auto& [name, upto] : std::exchange(moved_, {}))
    result.push_back({name.first, name.second, upto});
  return result;
}

std::vector<event_position> event_exchange::all() const {
  std::vector<event_position> result;
  for (const auto& [name, upto] : here_)
    result.push_back({name.first, name.second, upto});
  return result;
}

} // namespace bulwark
