#pragma once

#include <bulwark/time/time.hpp>

#include <optional>
#include <string>

namespace bulwark {

/// How much CPU time the services of a bulkhead may use: `quota` in each
/// `period`, as the kernel's control groups mean it. 100 ms in 100 ms is one
/// CPU, 200 ms in 100 ms are two.
///
/// Immutable after construction.
struct cpu_quota_options {
  /// At most 10^4 periods long.
  duration quota = std::chrono::milliseconds{100};

  /// 1 ms to 1 min. The kernel's default.
  duration period = std::chrono::milliseconds{100};

  /// A handler that uses more than the quota all by itself, and has not come
  /// back for so long, is reported.
  duration overrun_after = std::chrono::milliseconds{500};

  /// What was used too much delays the next message, but never longer. At
  /// least `period`, at most 1 h.
  duration pause_max = std::chrono::seconds{10};

  friend bool operator==(const cpu_quota_options&,
                         const cpu_quota_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const cpu_quota_options& options);

} // namespace bulwark
