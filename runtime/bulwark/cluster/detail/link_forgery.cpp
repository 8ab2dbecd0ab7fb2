#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/cluster/detail/name_pattern.hpp>

#include <algorithm>

namespace bulwark::detail {

std::optional<std::string> link::forged(const hello& greeting,
                                        const caf::node_id& speaker) const {
  auto own = [&](const caf::strong_actor_ptr& who) {
    return !who || who->node() == speaker;
  };
  if (!own(greeting.link) || !own(greeting.monitor) || !own(greeting.roles)
      || !std::all_of(greeting.offers.begin(), greeting.offers.end(),
                      [&](const auto& each) { return own(each.gate); }))
    return "it names actors of another node as its own";
  const auto& allowed = options_.allowed;
  if (!allowed.empty()
      && std::none_of(allowed.begin(), allowed.end(), [&](const auto& each) {
           return fits_pattern(each, greeting.node);
         }))
    return "its name is " + greeting.node
           + ", which no --allow-node of this node allows";
  return wires_ ? wires_->complaint(speaker, greeting.node) : std::nullopt;
}

} // namespace bulwark::detail
