#include <bulwark/chaos/blast_radius.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

using namespace option_checks;

complaint validate(const blast_radius& what) {
  return first_of(within("blast.services", what.services, 1, 100),
                  threshold("blast.replicas", what.replicas),
                  within("blast.nodes", what.nodes, 1, 100));
}

blast_choice choose_replicas(const blast_radius& radius,
                             const std::string& service,
                             const std::vector<bool>& up, uint64_t random) {
  std::vector<size_t> working;
  for (size_t i = 0; i < up.size(); ++i)
    if (up[i])
      working.push_back(i);
  if (working.empty())
    return {{}, "no replica of " + service + " works"};
  auto spare = radius.last_replica ? size_t{0} : size_t{1};
  if (working.size() <= spare)
    return {{},
            service
              + " has one replica that works; it must not be struck, unless "
                "the experiment says last_replica = true"};
  auto allowed =
    static_cast<size_t>(radius.replicas * static_cast<double>(up.size()));
  auto count = std::min(std::max<size_t>(allowed, 1), working.size() - spare);
  // Neighbours, from anywhere on: as likely for each of them.
  std::vector<size_t> chosen;
  for (size_t i = 0; i < count; ++i)
    chosen.push_back(working[(random + i) % working.size()]);
  std::sort(chosen.begin(), chosen.end());
  return {std::move(chosen), ""};
}

complaint check_node(const blast_radius& radius,
                     const std::vector<node_view>& cluster,
                     const std::string& node, size_t struck) {
  auto which = std::find_if(cluster.begin(), cluster.end(),
                            [&](const auto& x) { return x.name == node; });
  if (which == cluster.end())
    return "no node is called " + node;
  if (!which->up)
    return "node " + node + " is not up";
  if (struck >= radius.nodes)
    return "at most " + shown(radius.nodes)
           + " nodes may be struck at a time; another is " + node;
  auto up = std::count_if(cluster.begin(), cluster.end(),
                          [](const auto& x) { return x.up; });
  if (up <= 1)
    return "node " + node + " is the last one that is up";
  if (!which->voter)
    return std::nullopt;
  auto voters = std::count_if(cluster.begin(), cluster.end(),
                              [](const auto& x) { return x.voter; });
  auto left = std::count_if(cluster.begin(), cluster.end(),
                            [](const auto& x) { return x.voter && x.up; })
              - 1;
  if (left < voters / 2 + 1)
    return "without " + node + " " + std::to_string(left) + " of "
           + std::to_string(voters) + " voters are left, fewer than decide";
  return std::nullopt;
}

} // namespace bulwark
