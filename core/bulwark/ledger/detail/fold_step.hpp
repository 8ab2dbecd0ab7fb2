#pragma once

#include <bulwark/ledger/detail/cluster_fold.hpp>

#include <cstdint>
#include <vector>

namespace bulwark {

/// Applies one mark to a `cluster_fold`. Lives for that long.
class fold_step {
public:
  fold_step(cluster_fold& fold, const ledger_names& names,
            const ledger_names::origin& origin, const mark& what);

  void run();

private:
  using component = cluster_fold::component;

  void of_warning();
  void of_component();
  void of_node(uint32_t which);
  void begin_boot();
  void stop_node(uint32_t which);

  void fail(uint32_t which);
  void open(component& who);
  void close(component& who);
  void recover(component& who, bool closes);
  void see_lost(uint32_t which);
  void see_back(uint32_t which);
  void forget_views_of(uint32_t observer);

  void know(uint32_t which, component_kind kind);
  presence presence_of(uint32_t which) const;
  void look_at(uint32_t which);
  void look_at_node(uint32_t which);
  void count(uint32_t which, component& who, presence now);
  void settle();

  cluster_fold& fold_;
  const ledger_names& names_;
  const ledger_names::origin& origin_;
  const mark& mark_;
  std::vector<uint32_t> touched_;
};

} // namespace bulwark
