#pragma once

#include <bulwark/cluster/cluster_member.hpp>
#include <bulwark/time/time.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// A node went from one state to another.
///
/// Immutable after construction.
struct member_change {
  std::string node;
  member_state from = member_state::joining;
  member_state to = member_state::joining;

  /// Whether it is taken for lost with this change: an outage begins.
  bool lost = false;

  /// Whether a connection to it has come up with this change.
  bool joined = false;

  /// Whether connections to it are open that are to be closed.
  bool close = false;

  /// Of a node that was lost and is up again.
  std::optional<duration> downtime = {};

  /// For a person; may be empty.
  std::string reason = {};

  friend bool operator==(const member_change&, const member_change&) = default;
};

} // namespace bulwark::detail
