#pragma once

#include "simulation/plan.hpp"

#include <vector>

namespace test::sim {

/// What is known of a bulkhead by the orders that operators have given: one
/// that was given and not answered yet may be in force already, or not.
///
/// Confined to one thread.
class compartment {
public:
  /// Its limits, and whom it turns away.
  struct state {
    uint64_t capacity = 0;
    uint64_t reserved = 0;
    bulwark::isolation level = bulwark::isolation::none;
    bool draining = false;

    uint64_t for_normal() const { return capacity - reserved; }
  };

  compartment(const bulwark::bulkhead_options& options)
    : possible_{{options.capacity, options.reserved_for_critical}} {}

  void order(const act& what);

  /// The oldest order was answered.
  void heed(bool refused);

  /// What may be in force: what the orders that were answered made of it, and
  /// that changed by each of the others in turn.
  const std::vector<state>& possible() const { return possible_; }
  const state& last_answered() const { return possible_.front(); }

  bool settled() const { return ordered_.empty(); }

  /// The most that may be in use by any of them.
  uint64_t most() const;
  uint64_t most_for_normal() const;

  /// Whether any, or all, of them turn away that priority.
  bool may_turn_away(bulwark::call_priority what) const;
  bool must_turn_away(bulwark::call_priority what) const;

private:
  void renew(state from);

  std::vector<const act*> ordered_;
  std::vector<state> possible_;
};

} // namespace test::sim
