#pragma once

#include <bulwark/options/detail/policy_overrides.hpp>
#include <bulwark/protection/guard_options.hpp>

#include <set>
#include <string>

namespace bulwark::detail {

/// The guards that a node's setup has declared.
///
/// Confined to the setup.
class guard_list {
public:
  /// Returns the options with what is said of that guard.
  /// @throws config_error if the node was started, if the name is taken or
  /// none, or if an option is refused
  guard_options declare(const std::string& name, guard_options options,
                        const policy_overrides& overrides, bool started);

  const std::set<std::string>& names() const noexcept { return names_; }

private:
  std::set<std::string> names_;
};

} // namespace bulwark::detail
