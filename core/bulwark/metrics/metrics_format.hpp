#pragma once

#include <cstdint>
#include <string_view>

namespace bulwark {

/// How metrics are written.
enum class metrics_format : uint8_t {
  /// Prometheus' text format, version 0.0.4.
  prometheus,
  /// OpenMetrics 1.0.
  openmetrics,
};

/// Returns what a client wants that sends `accept` as its field `Accept`:
/// OpenMetrics if it names that in version 1.0.0, or in none, and likes it at
/// least as much as text; the text format in all other cases.
[[nodiscard]] metrics_format metrics_format_for(std::string_view accept);

/// Returns the value of `Content-Type`.
[[nodiscard]] std::string_view content_type_of(metrics_format format) noexcept;

} // namespace bulwark
