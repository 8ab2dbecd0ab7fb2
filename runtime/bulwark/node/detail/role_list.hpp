#pragma once

#include <bulwark/cluster/detail/role_state.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// The roles that a node wants, by name.
///
/// Confined to one thread.
class role_list {
public:
  /// Most of them on one node.
  static constexpr size_t roles_max = 64;

  explicit role_list(std::string node) : node_(std::move(node)) {}

  /// Returns the role; wants it, the first time.
  /// @throws config_error if the name is bad, one too many, or new when the
  /// node runs
  std::shared_ptr<role_state> get(const std::string& name);

  /// The node starts: no more are wanted.
  void settle(const emitter& events);

  std::vector<std::shared_ptr<role_state>> all() const;

  /// For a node that is alone: it has all of them.
  void hold_all(uint64_t token);
  void end_all(const std::string& why);

private:
  const std::string node_;
  bool settled_ = false;
  std::map<std::string, std::shared_ptr<role_state>> roles_;
};

} // namespace bulwark::detail
