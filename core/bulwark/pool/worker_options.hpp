#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bulwark {

/// How many threads there are for work that blocks, and what becomes of one
/// that does not come back from it.
///
/// Immutable after construction.
struct worker_options {
  /// Threads that stay once they were needed. At most `max`.
  size_t core = 0;

  /// Threads at work at once. At least 1.
  size_t max = 10;

  /// One beyond `core` ends when it had nothing to do for this long.
  duration idle_max = std::chrono::seconds{60};

  /// Work that takes longer is reported, once. Zero: never.
  duration stuck_after = std::chrono::seconds{30};

  /// Then gives its place to another thread, so that the rest goes on. The old
  /// one is lost until it comes back.
  bool replace_stuck = false;

  /// No more threads are lost so; then they keep their places.
  size_t abandoned_max = 4;

  static constexpr size_t threads_max = 10'000;

  friend bool operator==(const worker_options&,
                         const worker_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const worker_options& options);

} // namespace bulwark
