#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// By which rule a closed circuit breaker opens.
enum class breaker_policy : uint8_t {
  /// A failure adds one, a success takes one away; it opens at
  /// `failure_threshold`.
  counter,
  /// The same, but a success takes all away.
  consecutive,
  /// By the share of failures, or of slow calls, among the last
  /// `window_calls`.
  count_window,
  /// By the share of failures, or of slow calls, within `window`.
  time_window,
};

/// When a circuit breaker opens, and how it finds its way back.
///
///     closed --too many failures--> open --recovery_timeout--> half_open
///       ^                            ^ --one probe fails---------|  |
///       '-------- success_threshold probes succeed -----------------'
///
/// Immutable after construction.
struct breaker_options {
  breaker_policy policy = breaker_policy::counter;

  /// Of `counter` and `consecutive`: 1 to 1000.
  uint32_t failure_threshold = 5;

  /// How long it stays open at least, 1 ms or longer.
  duration recovery_timeout = std::chrono::seconds{60};

  /// So many probes must succeed in half_open until it closes, and never are
  /// more of them under way than are still wanted: 1 to 50.
  uint32_t success_threshold = 3;

  /// Of `count_window`: 1 to 10,000.
  uint32_t window_calls = 100;

  /// Of `time_window`: 10 ms to 1 h. It moves on in tenths, so that it holds
  /// the calls of the last 0.9 to 1.0 of this time.
  duration window = std::chrono::seconds{10};

  /// With fewer calls in it a window opens nothing: 1 to 1,000,000, at most
  /// `window_calls` where these are counted.
  uint32_t calls_min = 20;

  /// A window opens when at least this share of its calls failed, (0, 1], ...
  double failure_rate = 0.5;

  /// ... or took longer than `slow_call`, (0, 1]. Probes, too: it opens again
  /// when this share of those that succeeded was slow.
  double slow_rate = 1.0;
  duration slow_call = std::chrono::seconds{2};

  /// By up to this share of itself the open time is longer, [0, 1), so that
  /// many breakers do not try again at the same moment.
  double jitter = 0.1;

  /// Each time that half_open fails, the next open time is so many times as
  /// long as the one before, at most `recovery_max`. 1: always the same.
  double growth = 1.0;
  duration recovery_max = std::chrono::minutes{10};

  /// After it has closed it lets a tenth of the calls through, then more,
  /// and after this time all. 0: all at once.
  duration ramp_up = duration::zero();

  /// A service that asks for rest (`busy`, `Retry-After`) gets at most this.
  duration busy_max = std::chrono::minutes{5};

  /// A probe that has not come back after this time has failed.
  duration probe_limit = std::chrono::seconds{30};

  /// So many endpoints have a breaker of their own, 1 to 100,000, in eights;
  /// further ones share one.
  size_t keys_max = 100;

  /// Of gates only: when the breaker of a service as a whole opens, those of
  /// other nodes' gates become half_open, too, each by its own calls; and what
  /// an operator says of it counts on all nodes. A node that is cut off decides
  /// alone. Endpoints have breakers of one node.
  bool cluster_wide = false;

  friend bool operator==(const breaker_options&,
                         const breaker_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const breaker_options& options);

/// Returns the name of `policy` as written above.
std::string to_string(breaker_policy policy);

} // namespace bulwark
