#include <bulwark/events/detail/event_positions.hpp>

namespace bulwark {

bool event_positions::add(const std::string& node, uint64_t boot, uint64_t from,
                          uint64_t to) {
  if (from == 0 || from > to)
    return false;
  auto at = origins_.find(std::pair{std::string_view{node}, boot});
  if (at == origins_.end())
    at = origins_.emplace(origin_name{node, boot}, number_set{holes_max}).first;
  return at->second.add(from, to);
}

const number_set* event_positions::find(std::string_view node,
                                        uint64_t boot) const {
  auto at = origins_.find(std::pair{node, boot});
  return at == origins_.end() ? nullptr : &at->second;
}

void event_positions::forget(const std::string& node, uint64_t boot) {
  origins_.erase({node, boot});
}

bool event_positions::contains(std::string_view node, uint64_t boot,
                               uint64_t number) const {
  const auto* known = find(node, boot);
  return known != nullptr && known->contains(number);
}

uint64_t event_positions::upto(std::string_view node, uint64_t boot) const {
  const auto* known = find(node, boot);
  return known == nullptr ? 0 : known->upto();
}

std::vector<event_position> event_positions::all() const {
  std::vector<event_position> result;
  result.reserve(origins_.size());
  for (const auto& [name, numbers] : origins_)
    result.push_back({name.first, name.second, numbers.upto()});
  return result;
}

} // namespace bulwark
