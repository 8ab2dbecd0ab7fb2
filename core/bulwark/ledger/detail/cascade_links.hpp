#pragma once

#include <bulwark/ledger/detail/cluster_fold.hpp>
#include <bulwark/ledger/detail/ledger_names.hpp>
#include <bulwark/ledger/report.hpp>

#include <cstdint>
#include <vector>

namespace bulwark {

/// Tells why a failure may have led to one of another component:
///
/// - dependency: the service of the one depends on that of the other, or both
///   depend on the same; names are last parts of paths;
/// - supervisor: both are children of one supervisor, other than a root;
/// - bulkhead: the services of both are in one bulkhead of their node;
/// - node: one of them is the node of the other.
///
/// A service and its own replica are one thing, so there is none.
///
/// Lives for one failure.
class cascade_links {
public:
  cascade_links(const cluster_fold& fold, const ledger_names& names,
                uint32_t follower);

  [[nodiscard]] cascade_link from(uint32_t first) const;

private:
  struct side {
    const ledger_names::component* who = nullptr;
    const declaration* declared = nullptr;

    // What others name when they depend on it.
    uint32_t name = no_number;
  };

  side side_of(uint32_t number) const;
  static bool depend(const side& a, const side& b);

  const cluster_fold& fold_;
  const ledger_names& names_;
  side follower_;
};

} // namespace bulwark
