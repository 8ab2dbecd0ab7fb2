#pragma once

#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// CAF's own options, those that a user may set, by name and as text.
///
/// Confined to one thread.
class caf_settings : public caf::actor_system_config {
public:
  // Beyond these, CAF's own options are refused.
  static constexpr int64_t threads_max = 1024;
  static constexpr int64_t count_max = 1'000'000;

  /// Returns the names of CAF's own options that can be set.
  std::vector<std::string> names() const;

  /// Sets one of them to what `text` says. Returns nothing, or the rule that
  /// `text` breaks; then nothing has changed.
  /// @pre `name` is one of `names()`
  [[nodiscard]] std::optional<std::string> set_text(const std::string& name,
                                                    const std::string& text);
};

} // namespace bulwark::detail
