#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulwark {

/// Who says that a replica is not well.
enum class health_source : uint8_t {
  /// Probes that it did not answer, or answered with an error.
  probe,
  /// The replica itself.
  declared,
};

/// Returns the name of `source` as written above.
std::string to_string(health_source source);

/// A replica that is up is not well from now on, or is again.
struct health_change {
  size_t member = 0;
  bool well = false;

  /// Of one that is not: who says so, and why.
  health_source source = health_source::probe;
  std::string reason = {};

  friend bool operator==(const health_change&, const health_change&) = default;
};

} // namespace bulwark
