#pragma once

#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>

namespace bulwark {

/// What a call is to do next.
struct [[nodiscard]] call_step {
  enum class action : uint8_t {
    /// Nothing: something is under way, or it is answered.
    wait,
    answer_value,
    /// The error that came last.
    answer_error,
    /// Begin another attempt after `delay`; then say `begin_retry`.
    retry,
    /// Begin a copy at once, at another replica.
    hedge,
  };

  action what = action::wait;
  duration delay = duration::zero();

  /// Of `answer_error`: why it is not tried again.
  retry_stop why = retry_stop::none;
};

/// What holds for all attempts of a call.
struct call_terms {
  /// Handling it twice is as good as once.
  bool idempotent = false;

  /// Its order among others matters: it is never under way twice.
  bool keyed = false;

  /// See `failed_attempt`.
  bool within_retry = false;

  time_point deadline = time_point::max();
};

/// The course of one call through its attempts: what follows when one ends or
/// is late. Retries and hedges share nothing but the budget.
///
/// The first value wins. An error waits while a copy is under way, and is the
/// answer as soon as none is and no attempt will follow: a budget that refuses
/// a hedge stops only that one (failsafe-go #141), and leaves nobody waiting
/// for an attempt that never comes (grpc-java #7222).
///
/// Confined to one thread.
class call_course {
public:
  /// The first attempt is under way.
  call_course(const retry_options& retry, const hedge_options& hedge,
              const call_terms& terms)
    : retry_(retry), hedge_(hedge), terms_(terms) {}

  call_step value() noexcept;

  /// An attempt ended without a value. Fields of `how` that the call knows
  /// itself are not looked at: `attempts`, `within_retry`.
  call_step error(failed_attempt how, time_point now, double unit_random,
                  retry_budget& budget);

  /// The backoff is over, and the next attempt under way.
  void begin_retry() noexcept;

  /// The delay of the hedge is over. `other_replica`: there is one that has no
  /// attempt of this call.
  call_step hedge_due(bool other_replica, time_point now, retry_budget& budget);

  /// Whether it is worth to set a timer for a hedge.
  bool may_hedge() const noexcept;

  bool answered() const noexcept { return answered_; }
  bool hedged() const noexcept { return hedges_ > 0; }

  /// Begun so far, hedges included.
  uint32_t attempts() const noexcept { return attempts_ + hedges_; }

private:
  const retry_options& retry_;
  const hedge_options& hedge_;
  call_terms terms_;
  uint32_t attempts_ = 1;
  uint32_t hedges_ = 0;
  uint32_t under_way_ = 1;
  bool answered_ = false;
};

/// Returns after how long a call is hedged; nothing: it is not, or not yet
/// known. `quantile` is that of the latest latencies, if enough are known.
[[nodiscard]] std::optional<duration>
hedge_delay(const hedge_options& options, std::optional<duration> quantile);

} // namespace bulwark
