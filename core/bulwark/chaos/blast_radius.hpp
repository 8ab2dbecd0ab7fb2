#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// How much an experiment may break.
///
/// Immutable after construction.
struct blast_radius {
  /// Different services that its faults may be at: 1 to 100.
  uint64_t services = 1;

  /// Share of a service's replicas: above 0 and at most 1. One may always be
  /// struck.
  double replicas = 0.5;

  /// Whether also the last replica that works may be.
  bool last_replica = false;

  /// Nodes at a time: 1 to 100. Never so many that fewer voters are left than
  /// it takes to decide.
  uint64_t nodes = 1;

  friend bool operator==(const blast_radius&, const blast_radius&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const blast_radius& what);

/// Which of those that were asked about a fault may be at, by their place; or
/// why none.
///
/// Immutable after construction.
struct blast_choice {
  std::vector<size_t> chosen;
  std::string refusal;
};

/// Chooses among the replicas of a service, of which `up` tells which work: of
/// those that do, by `random`; so that one is left, and no more than the radius
/// allows.
[[nodiscard]] blast_choice choose_replicas(const blast_radius& radius,
                                           const std::string& service,
                                           const std::vector<bool>& up,
                                           uint64_t random);

/// A node of the cluster.
struct node_view {
  std::string name;
  bool up = true;
  bool voter = false;
};

/// Returns why `node` may not be stopped or cut off while `struck` nodes
/// already are, by this experiment; nothing: it may.
[[nodiscard]] std::optional<std::string>
check_node(const blast_radius& radius, const std::vector<node_view>& cluster,
           const std::string& node, size_t struck);

} // namespace bulwark
