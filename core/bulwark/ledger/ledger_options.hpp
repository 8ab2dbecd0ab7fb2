#pragma once

#include <bulwark/ledger/objectives.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bulwark {

/// How much a ledger holds. What is beyond a limit depends on the order in
/// which events arrive; below all limits it does not.
///
/// Immutable after construction.
struct ledger_options {
  /// Components with a place of their own. Failures and recoveries of further
  /// ones are counted together, as `...others` of their node.
  size_t components_max = 10'000;

  /// Nodes. Events of further ones are counted as refused.
  size_t nodes_max = 1'000;

  /// Words of applications for why something failed; further ones are counted
  /// as `other`.
  size_t words_max = 256;

  /// Boots of nodes whose events are told apart. The one whose latest event is
  /// the oldest makes room for a further one.
  size_t boots_max = 1'000;

  /// Events whose hours are not closed, 48 bytes each; further ones are counted
  /// as refused, and may be added again when hours were closed.
  size_t events_max = 20'000'000;
};

/// What a report is to tell.
///
/// Immutable after construction.
struct report_query {
  /// The window of `availabilities::window`. One of more than 25 h begins at a
  /// full hour; one of more than 30 days is taken as 30 days.
  duration window = std::chrono::hours{24};

  /// Restricts the list of components, the budgets and the recommendations
  /// about components to those with this id or path; a `*` stands for any
  /// characters. Empty: all.
  std::string component;

  /// A component is measured by the first that names it. Those that `validate`
  /// complains about are left out.
  std::vector<objective> objectives{objective{}};
};

} // namespace bulwark
