#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What a warning foresees.
enum class warning_kind : uint8_t {
  /// Something bounded is used up.
  exhaustion,
  /// A replica fails more often than its restarts allow.
  restart_limit,
  /// The failures of a component come closer together.
  failures_closer,
  /// A service answers slower than it ever did, and goes on so.
  latency_shift,
};

/// How a warning has ended.
enum class warning_verdict : uint8_t { hit, false_alarm };

/// What is about to happen, why one thinks so, and what to do about it.
///
/// Immutable after construction.
struct warning {
  warning_kind kind = warning_kind::exhaustion;

  /// What it is of: `bulkhead/payments`, `/root/orders/orders#1`.
  std::string subject;

  /// Words for a person: what is about to happen; the figures that say so; what
  /// one can do.
  std::string forecast;
  std::string basis;
  std::string advice;

  /// When it was raised, when what it foresees is expected, and until when that
  /// counts as come true.
  time_point at{};
  time_point due{};
  time_point expires{};
};

/// A warning that was raised, or one that was settled.
///
/// Immutable after construction.
struct warning_notice {
  warning what;

  /// Nothing: it was raised.
  std::optional<warning_verdict> verdict = std::nullopt;
};

/// How good warnings were.
struct warning_score {
  uint64_t raised = 0;
  uint64_t hits = 0;
  uint64_t false_alarms = 0;

  /// Exhaustions and passed limits that nobody was warned of.
  uint64_t missed = 0;

  /// Returns which share of the settled ones came true; nothing before the
  /// first is settled.
  [[nodiscard]] std::optional<double> precision() const noexcept;

  /// Returns which share of what could be foreseen was; nothing before any of
  /// it has happened.
  [[nodiscard]] std::optional<double> recall() const noexcept;

  friend bool operator==(const warning_score&, const warning_score&) = default;
};

/// The last of all kinds.
inline constexpr warning_kind last_warning_kind = warning_kind::latency_shift;

std::string to_string(warning_kind kind);
std::string to_string(warning_verdict verdict);

} // namespace bulwark
