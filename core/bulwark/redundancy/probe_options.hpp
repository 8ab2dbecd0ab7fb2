#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// How replicas that are up are asked whether they are well.
///
/// Immutable after construction.
struct probe_options {
  /// How often each is asked, at least `timeout`; and how long it may take to
  /// answer, at least 1 ms.
  duration every = std::chrono::seconds{10};
  duration timeout = std::chrono::seconds{1};

  /// After so many probes in a row without a good answer it is not well; after
  /// so many good ones it is again. 1 to 1000.
  uint32_t unhealthy_after = 3;
  uint32_t healthy_after = 2;

  friend bool operator==(const probe_options&, const probe_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const probe_options& options);

} // namespace bulwark
