#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

namespace detail {
class role_state;
} // namespace detail

/// Something that at most one node of the cluster does at any time, by its
/// name: `node.role("backup")`. Most of the nodes of `--voters` have to lend
/// it, for one lease at a time; a node that is alone, without `--listen` and
/// `--join`, has all roles; a cluster without voters gives none to anybody.
///
/// The hold ends by the clock, whether or not anything is heard: ask before
/// each step that nobody else may do beside this node. A process can be frozen
/// between the question and the step; what must not happen even then has to be
/// refused where it is written, by the token.
///
/// Safe to call from any thread, but for what says otherwise. Copies refer to
/// the same role.
class role {
public:
  explicit role(std::shared_ptr<detail::role_state> state)
    : state_(std::move(state)) {}

  const std::string& name() const noexcept;

  /// Whether this node has the role now.
  bool held() const { return token().has_value(); }

  /// Returns the number of this hold, or nothing while the role is not held. It
  /// is larger than those of all holds before, on any node: a database that
  /// remembers the largest that it has seen can refuse the others.
  std::optional<uint64_t> token() const;

  /// Calls `hook` when this node gets the role, with the token, and when it has
  /// it no longer. Both are called by a thread of the node that must not be
  /// kept waiting, because it renews the lease: begin or end work elsewhere.
  /// What they throw is told by an event. In the setup only.
  /// @throws config_error if the hook is null or the node runs
  role& on_gained(std::function<void(uint64_t token)> hook);
  role& on_lost(std::function<void()> hook);

private:
  std::shared_ptr<detail::role_state> state_;
};

} // namespace bulwark
