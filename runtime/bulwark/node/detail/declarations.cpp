#include <bulwark/node/detail/declarations.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

service_declaration& declarations::add(std::string name,
                                       replica_factory factory) {
  check_new(name);
  auto& added = all_.emplace_back();
  added.name = std::move(name);
  added.factory = std::move(factory);
  return added;
}

service_declaration& declarations::add_remote(std::string name) {
  check_new(name);
  auto& added = remotes_.emplace_back();
  added.name = std::move(name);
  return added;
}

void declarations::check_new(const std::string& name) {
  if (auto complaint = validate_name("service name", name))
    throw config_error{*complaint};
  if (find(name) != nullptr || find_remote(name) != nullptr)
    throw config_error{"service " + name
                       + " is declared twice; names must be unique"};
}

service_declaration* declarations::find_in(std::deque<service_declaration>& all,
                                           const std::string& name) {
  auto at = std::find_if(all.begin(), all.end(),
                         [&](const auto& each) { return each.name == name; });
  return at == all.end() ? nullptr : &*at;
}

service_declaration* declarations::find(const std::string& name) {
  return find_in(all_, name);
}

service_declaration* declarations::find_remote(const std::string& name) {
  return find_in(remotes_, name);
}

std::vector<std::string> declarations::remotes() const {
  std::vector<std::string> result;
  for (const auto& each : remotes_)
    result.push_back(each.name);
  return result;
}

void declarations::settle(const policy_overrides& overrides,
                          std::set<std::string> referred) {
  for (auto& each : all_) {
    overrides.apply(each.name, each.settings);
    if (auto complaint = validate(each.settings))
      throw config_error{"service " + each.name + ": " + *complaint};
    if (each.singleton && each.settings.standby > 0)
      throw config_error{"service " + each.name + ": standby is "
                         + std::to_string(each.settings.standby)
                         + "; of a singleton it must be 0: other nodes that "
                           "declare it stand by"};
    if (each.settings.probe && each.factory.blocking_class)
      throw config_error{"service " + each.name
                         + ": probe is set; it must not be for a blocking "
                           "actor class, which answers no probe"};
    graph_.add(each.name, each.uses);
    referred.insert(each.name);
    for (const auto& edge : each.uses)
      referred.insert(edge.to);
  }
  for (const auto& each : remotes_)
    referred.insert(each.name);
  overrides.check_names(override_subject::service, referred);
  auto cycle = graph_.cycle();
  if (!cycle)
    return;
  std::string text;
  for (const auto& name : *cycle)
    text += (text.empty() ? "" : " -> ") + name;
  throw config_error{"services use each other in a circle: " + text};
}

std::vector<service_declaration*> declarations::in_start_order() {
  std::vector<service_declaration*> result;
  for (const auto& name : graph_.start_order())
    result.push_back(find(name));
  return result;
}

std::vector<dependency_graph::edge>
declarations::uses(const std::string& service) const {
  return graph_.uses(service);
}

} // namespace bulwark::detail
