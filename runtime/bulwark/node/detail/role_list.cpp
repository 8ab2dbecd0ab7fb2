#include <bulwark/node/detail/role_list.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark::detail {

std::shared_ptr<role_state> role_list::get(const std::string& name) {
  if (auto at = roles_.find(name); at != roles_.end())
    return at->second;
  if (auto complaint = validate_name("role name", name))
    throw config_error{*complaint};
  if (settled_)
    throw config_error{"role " + name
                       + " is asked for after the node was started, and not "
                         "before"};
  if (roles_.size() == roles_max)
    throw config_error{"role " + name + " is one too many; a node may want "
                       + std::to_string(roles_max)};
  auto added = std::make_shared<role_state>(name, node_);
  roles_.emplace(name, added);
  return added;
}

void role_list::settle(const emitter& events) {
  settled_ = true;
  for (const auto& [name, each] : roles_) {
    each->report_to(events);
    each->settled = true;
  }
}

std::vector<std::shared_ptr<role_state>> role_list::all() const {
  std::vector<std::shared_ptr<role_state>> result;
  for (const auto& [name, each] : roles_)
    result.push_back(each);
  return result;
}

void role_list::hold_all(uint64_t token) {
  for (const auto& [name, each] : roles_)
    each->hold(token, time_point::max());
}

void role_list::end_all(const std::string& why) {
  for (const auto& [name, each] : roles_)
    each->end(why);
}

} // namespace bulwark::detail
