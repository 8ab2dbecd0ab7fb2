#pragma once

#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/redundancy/probe_options.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bulwark {

/// Which of a service's replicas on one node get requests: by default all that
/// are up.
///
/// Immutable after construction.
struct usage_options {
  /// The first `active` replicas get requests; `standby` more, which run too,
  /// get them in place of those that are not well. Together at least 1 and at
  /// most 64.
  size_t active = 1;
  size_t standby = 0;

  group_options group{};

  /// When one that is up gets nothing for a while, because of its answers;
  /// nothing: never.
  std::optional<ejection_options> ejection{};

  /// How those that are up are asked whether they are well; nothing: never.
  std::optional<probe_options> probe{};

  /// Whether there is anything to decide.
  bool armed() const noexcept {
    return standby > 0 || ejection.has_value() || probe.has_value();
  }

  friend bool operator==(const usage_options&, const usage_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const usage_options& options);

} // namespace bulwark
