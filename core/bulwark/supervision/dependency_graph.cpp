#include <bulwark/supervision/dependency_graph.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace bulwark {

void dependency_graph::add(const std::string& name, std::vector<edge> uses) {
  auto same = [&](const vertex& other) { return other.name == name; };
  auto at = std::find_if(vertices_.begin(), vertices_.end(), same);
  if (at == vertices_.end()) {
    vertices_.push_back({name, std::move(uses)});
    return;
  }
  std::move(uses.begin(), uses.end(), std::back_inserter(at->uses));
}

const dependency_graph::vertex*
dependency_graph::find(const std::string& name) const {
  auto same = [&](const vertex& other) { return other.name == name; };
  auto at = std::find_if(vertices_.begin(), vertices_.end(), same);
  return at == vertices_.end() ? nullptr : &*at;
}

std::vector<std::string> dependency_graph::start_order() const {
  std::vector<std::string> order;
  std::set<std::string> placed;
  auto ready = [&](const vertex& v) {
    return std::all_of(v.uses.begin(), v.uses.end(), [&](const edge& e) {
      return placed.count(e.to) != 0 || find(e.to) == nullptr;
    });
  };
  auto next = [&] {
    return std::find_if(
      vertices_.begin(), vertices_.end(),
      [&](const vertex& v) { return placed.count(v.name) == 0 && ready(v); });
  };
  for (auto at = next(); at != vertices_.end(); at = next()) {
    placed.insert(at->name);
    order.push_back(at->name);
  }
  return order;
}

std::optional<std::vector<std::string>> dependency_graph::cycle() const {
  auto order = start_order();
  std::set<std::string> fine{order.begin(), order.end()};
  auto stuck = [&](const std::string& name) {
    return fine.count(name) == 0 && find(name) != nullptr;
  };
  auto start = std::find_if(vertices_.begin(), vertices_.end(),
                            [&](const vertex& v) { return stuck(v.name); });
  if (start == vertices_.end())
    return std::nullopt;
  // Each stuck name uses a stuck name, so that following those must return
  // to a name already seen.
  std::vector<std::string> path{start->name};
  for (;;) {
    const auto& last = uses(path.back());
    auto step = std::find_if(last.begin(), last.end(),
                             [&](const edge& e) { return stuck(e.to); });
    auto seen = std::find(path.begin(), path.end(), step->to);
    if (seen != path.end()) {
      std::vector<std::string> result{seen, path.end()};
      result.push_back(step->to);
      return result;
    }
    path.push_back(step->to);
  }
}

const std::vector<dependency_graph::edge>&
dependency_graph::uses(const std::string& name) const {
  static const std::vector<edge> none;
  const auto* found = find(name);
  return found == nullptr ? none : found->uses;
}

} // namespace bulwark
