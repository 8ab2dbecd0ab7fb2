#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// How a rate is kept. Both decide the same, to the nanosecond; GCRA needs
/// less memory, a token bucket is easier to look into.
enum class rate_algorithm : uint8_t { token_bucket, gcra };

/// How much may be begun, over time: within any stretch of time `w` at most
/// `burst + rate * w / period`. Times are rounded up to the nanosecond, which
/// may make it look a nanosecond's worth more.
///
/// Immutable after construction.
struct rate_options {
  /// So many permits per `period`: 1 to 10^9. The default is resilience4j's,
  /// with a period that people mean.
  uint64_t rate = 50;
  duration period = std::chrono::seconds{1};

  /// So many at once, after a rest: 1 to 10^9. No single request gets more.
  /// It comes back within a year: `burst * period / rate`.
  uint64_t burst = 50;

  rate_algorithm algorithm = rate_algorithm::token_bucket;

  /// Where each key has a rate of its own, so many keys are known at once:
  /// 1 to 10^6. See `keyed_rate` for what happens to the others.
  size_t keys_max = 10'000;

  friend bool operator==(const rate_options&, const rate_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const rate_options& options);

std::string to_string(rate_algorithm algorithm);

/// What a rate says to a request for permits.
struct [[nodiscard]] rate_verdict {
  bool granted = false;

  /// Refused: how long until as many are there, if nobody else takes any.
  /// Reserved: how long until they may be used. `never` when more were asked
  /// for than there are ever at once.
  duration wait = duration::zero();

  static constexpr duration never = duration::max();

  friend bool operator==(const rate_verdict&, const rate_verdict&) = default;
};

} // namespace bulwark
