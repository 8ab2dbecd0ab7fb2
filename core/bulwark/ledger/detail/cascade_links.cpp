#include <bulwark/ledger/detail/cascade_links.hpp>

#include <algorithm>

namespace bulwark {

namespace {

bool has(const std::vector<uint32_t>& names, uint32_t name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

cascade_links::cascade_links(const cluster_fold& fold,
                             const ledger_names& names, uint32_t follower)
  : fold_(fold), names_(names), follower_(side_of(follower)) {}

// What a service declares holds for its replicas.
cascade_links::side cascade_links::side_of(uint32_t number) const {
  const auto& who = names_.components()[number];
  auto is_service = [this](uint32_t x) {
    return x != no_number
           && fold_.components[x].kind == component_kind::service;
  };
  auto service = is_service(number)      ? number
                 : is_service(who.above) ? who.above
                                         : no_number;
  if (service == no_number)
    return {&who, &names_.declaration_of(0), who.leaf};
  return {&who, &names_.declaration_of(fold_.components[service].declared),
          names_.components()[service].leaf};
}

bool cascade_links::depend(const side& a, const side& b) {
  const auto& first = a.declared->depends_on;
  const auto& second = b.declared->depends_on;
  return has(second, a.name) || has(first, b.name)
         || std::any_of(first.begin(), first.end(),
                        [&](uint32_t name) { return has(second, name); });
}

cascade_link cascade_links::from(uint32_t first) const {
  auto a = side_of(first);
  const auto& b = follower_;
  const auto& x = *a.who;
  const auto& y = *b.who;
  if (x.others || y.others)
    return cascade_link::none;
  auto same_node = x.node != no_number && x.node == y.node;
  if (same_node && (x.parent == y.path || y.parent == x.path))
    return cascade_link::none;
  if (depend(a, b))
    return cascade_link::dependency;
  if (same_node && x.parent != no_number && x.parent == y.parent
      && !x.under_root)
    return cascade_link::supervisor;
  auto bulkhead = a.declared->bulkhead;
  if (same_node && bulkhead != no_number && bulkhead == b.declared->bulkhead)
    return cascade_link::bulkhead;
  if ((x.itself != no_number && x.itself == y.node)
      || (y.itself != no_number && y.itself == x.node))
    return cascade_link::node;
  return cascade_link::none;
}

} // namespace bulwark
