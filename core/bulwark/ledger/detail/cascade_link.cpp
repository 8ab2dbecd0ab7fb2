#include <bulwark/ledger/detail/fold_step.hpp>

#include <algorithm>

namespace bulwark {

namespace {

constexpr auto none = ledger_names::none;

class relation {
public:
  relation(const cluster_fold& fold, const ledger_names& names, uint32_t number)
    : fold_(fold),
      names_(names),
      who_(names.components()[number]),
      service_(service_of(number)) {}

  const ledger_names::component& who() const { return who_; }

  const declaration& declared() const {
    auto number = service_ == none ? 0 : fold_.components[service_].declared;
    return names_.declaration_of(number);
  }

  // What others name when they depend on it.
  uint32_t leaf() const {
    return service_ == none ? who_.leaf : names_.components()[service_].leaf;
  }

  static bool has(const std::vector<uint32_t>& names, uint32_t name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

private:
  // Itself, or the service that it is a replica of.
  uint32_t service_of(uint32_t number) const {
    if (fold_.components[number].kind == component_kind::service)
      return number;
    auto parent = names_.find(who_.node, who_.parent);
    auto known = parent != none && parent < fold_.components.size()
                 && fold_.components[parent].kind == component_kind::service;
    return known ? parent : none;
  }

  const cluster_fold& fold_;
  const ledger_names& names_;
  const ledger_names::component& who_;
  uint32_t service_;
};

bool depend(const relation& a, const relation& b) {
  const auto& first = a.declared().depends_on;
  const auto& second = b.declared().depends_on;
  return relation::has(second, a.leaf()) || relation::has(first, b.leaf())
         || std::any_of(first.begin(), first.end(), [&](uint32_t name) {
              return relation::has(second, name);
            });
}

bool is_root(const std::string& path) {
  return path.rfind('/') == 0;
}

} // namespace

cascade_link cascade_link_of(const cluster_fold& fold,
                             const ledger_names& names, uint32_t first,
                             uint32_t follower) {
  relation a{fold, names, first};
  relation b{fold, names, follower};
  const auto& x = a.who();
  const auto& y = b.who();
  auto same_node = x.node != none && x.node == y.node;
  if (x.others || y.others)
    return cascade_link::none;
  if (same_node && (x.parent == y.path || y.parent == x.path))
    return cascade_link::none;
  if (depend(a, b))
    return cascade_link::dependency;
  if (same_node && x.parent != none && x.parent == y.parent
      && !is_root(names.texts()[x.parent]))
    return cascade_link::supervisor;
  auto bulkhead = a.declared().bulkhead;
  if (same_node && bulkhead != none && bulkhead == b.declared().bulkhead)
    return cascade_link::bulkhead;
  if ((x.itself != none && x.itself == y.node)
      || (y.itself != none && y.itself == x.node))
    return cascade_link::node;
  return cascade_link::none;
}

} // namespace bulwark
