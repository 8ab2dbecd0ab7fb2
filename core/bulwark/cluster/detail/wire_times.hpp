#pragma once

#include <bulwark/cluster/wire_limits.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bulwark::detail {

/// What is known of a connection when it is looked at.
struct wire_times {
  /// When it was opened, and when bytes were last sent, or first waited.
  time_point opened{};
  time_point progress{};

  /// How many bytes wait to be sent.
  size_t waiting = 0;

  /// Whether the other side has said who it is.
  bool shaken = false;
};

/// Returns why a connection is to be closed, in words, or nothing.
[[nodiscard]] std::optional<std::string>
overdue(const wire_times& what, const wire_limits& limits, time_point now);

} // namespace bulwark::detail
