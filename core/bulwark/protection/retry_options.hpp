#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// How often, and when, a call that failed is tried again.
///
/// Immutable after construction.
struct retry_options {
  /// The first one included: 1 to 100.
  uint32_t attempts = 3;

  /// Before the second attempt; then `multiplier` times as long each time, at
  /// most `max`.
  duration initial = std::chrono::milliseconds{100};
  double multiplier = 2.0;
  duration max = std::chrono::seconds{2};

  /// A backoff is shorter or longer by up to this share of itself, [0, 1).
  double jitter = 0.2;

  /// How long one attempt may take. 0: as long as the call. What comes of it
  /// later is no answer.
  duration attempt_timeout = duration::zero();

  friend bool operator==(const retry_options&, const retry_options&) = default;
};

/// How many extra attempts, retries and hedges, there may be.
///
/// Whenever one begins, those of the last 10 s are at most
/// `share * first attempts of the last 10 s + 10 * per_second`.
///
/// Immutable after construction.
struct retry_budget_options {
  /// Of the first attempts, [0, 10].
  double share = 0.2;

  /// So many at any rate, 0 to 10^6.
  uint32_t per_second = 3;

  friend bool operator==(const retry_budget_options&,
                         const retry_budget_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const retry_options& options);
[[nodiscard]] std::optional<std::string>
validate(const retry_budget_options& options);

} // namespace bulwark
