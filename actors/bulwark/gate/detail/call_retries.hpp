#pragma once

#include <bulwark/gate/detail/call_record.hpp>
#include <bulwark/protection/detail/retry_budget.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <caf/error.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark::detail {

/// How an attempt ended that brought no value.
struct ended_attempt {
  /// Says something about the service, or was refused where it came to: worth
  /// another try.
  bool retryable = true;

  /// What was called below was tried again there, or a budget has refused to.
  bool retried_below = false;

  /// For how long the service asks to be left alone.
  duration busy = duration::zero();

  /// What a replica, or another node's gate, has answered.
  static ended_attempt of(const caf::error& answer, bool from_peer);
};

/// Whether calls of a gate are tried again, and the budget for that and for
/// hedges.
///
/// Safe to call from any thread; what is kept of a call, by who owns the entry.
class call_retries {
public:
  /// @throws std::invalid_argument that names service, field, value and rule
  /// `hedges`: they are paid for by the same budget.
  call_retries(const std::string& service,
               const std::optional<retry_options>& options,
               const retry_budget_options& budget, bool hedges = false);

  bool armed() const noexcept { return armed_; }

  /// What holds now. @pre `armed()`
  retry_options options() const BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    return options_;
  }

  retry_budget_options budget() const noexcept { return budget_.options(); }

  /// Holds for what is decided from now on. @pre `validate` has no complaint
  void change(const retry_options& options, const retry_budget_options& budget)
    BULWARK_EXCLUDES(lock_);

  /// How long one attempt may take; 0: as long as the call.
  duration attempt_limit() const {
    return armed() ? options().attempt_timeout : duration::zero();
  }

  /// A call begins.
  void begun(time_point now) noexcept {
    if (counts_)
      budget_.deposit(now);
  }

  /// Takes the token for a copy of a call, or says no.
  bool take_token(time_point now) noexcept { return budget_.take(now); }

  /// Whether ends of that call are any business of this: not of what is not
  /// idempotent, and not of what another node's gate sent.
  bool may_retry(const kept_request* kept) const noexcept {
    return armed() && kept != nullptr && kept->repeatable
           && !has_flag(kept->mid, from_peer_bit);
  }

  /// Returns after how long the call is tried again, and takes the token for
  /// that; nothing: it is not. @pre `may_retry(&of)`
  std::optional<duration> backoff(kept_request& of, const ended_attempt& how,
                                  time_point now, time_point deadline);

  /// How many attempts the error of a call tells of; 0: it says nothing.
  static uint32_t told(const kept_request* kept) noexcept {
    if (kept == nullptr)
      return 0;
    auto all = kept->tries + (kept->hedged() ? 1 : 0);
    return all > 1 || kept->final_above ? all : 0;
  }

private:
  const bool armed_;
  const bool counts_;
  mutable mutex lock_;
  retry_options options_ BULWARK_GUARDED_BY(lock_);
  retry_budget budget_;
  std::atomic<uint64_t> dice_{0};
};

} // namespace bulwark::detail
