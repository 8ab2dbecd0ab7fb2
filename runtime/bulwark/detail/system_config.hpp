#pragma once

#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// How the actor system of a node is set up: our message types and errors
/// known, the network loaded, no actor allowed to hold a thread for long.
class system_config : public caf::actor_system_config {
public:
  system_config();

  /// What nodes must agree on to talk to each other.
  static constexpr const char* protocol = "bulwark/1";

  /// Messages that an actor handles before others get their turn.
  static constexpr size_t throughput_max = 100;

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
