#pragma once

#include <bulwark/protection/detail/retry_budget.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// Why a call that failed is not tried again.
enum class retry_stop : uint8_t {
  /// It is tried again.
  none,
  attempts_used,
  /// The predicate says that it would be of no use.
  not_retryable,
  /// It is not idempotent, and may have been handled.
  maybe_handled,
  /// What it called has tried again already, or its budget has refused to.
  retried_below,
  /// The backoff would end after the deadline.
  deadline,
  budget_spent,
};

/// How an attempt ended that brought no value, and what of.
struct failed_attempt {
  /// Begun so far, this one included.
  uint32_t attempts = 1;

  /// The call belongs to a handler of another call's later attempt: then it
  /// has one attempt, so that retries do not multiply down a chain.
  bool within_retry = false;

  bool retryable = true;

  /// The call is idempotent, or this attempt was never handled: refused by a
  /// peer, or still in a mailbox.
  bool repeatable = false;

  bool retried_below = false;

  /// For how long the service asks to be left alone.
  duration busy = duration::zero();
};

/// Whether to try again, after what delay; or why not.
struct [[nodiscard]] retry_verdict {
  retry_stop why_not = retry_stop::none;
  duration delay = duration::zero();

  bool retry() const noexcept { return why_not == retry_stop::none; }
};

/// Returns how long to wait before the attempt that follows `attempts` others.
/// `unit_random` is within [0, 1); 0.5 is the middle of the jitter.
/// @pre attempts > 0
[[nodiscard]] duration retry_backoff(const retry_options& options,
                                     uint32_t attempts, double unit_random);

/// Decides whether a call is tried again, and takes the token for it. A token
/// is taken for nothing else.
retry_verdict decide_retry(const retry_options& options,
                           const failed_attempt& failed, time_point now,
                           time_point deadline, double unit_random,
                           retry_budget& budget);

/// Returns whether callers above must not try again what ended so: it was
/// tried again here, or the budget has refused that.
[[nodiscard]] bool is_final_above(retry_stop why, uint32_t attempts) noexcept;

/// Returns the name of `why` as written above.
std::string to_string(retry_stop why);

} // namespace bulwark
