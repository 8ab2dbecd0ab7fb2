#pragma once

#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/call_end.hpp>
#include <bulwark/protection/detail/breaker_word.hpp>
#include <bulwark/protection/detail/call_counts.hpp>
#include <bulwark/protection/detail/count_window.hpp>
#include <bulwark/protection/detail/tagged.hpp>
#include <bulwark/protection/detail/time_window.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace bulwark {

/// What a call that a breaker let through is known by when it ends: the number
/// of the period in which that was.
struct breaker_ticket {
  uint32_t period = 0;

  friend bool operator==(const breaker_ticket&,
                         const breaker_ticket&) = default;
};

/// What a breaker says to a call.
struct [[nodiscard]] breaker_verdict {
  bool admitted = false;
  breaker_ticket ticket = {};

  /// Of a refusal: after how long it may be worth another try; `never` while
  /// an operator holds it open.
  duration retry_after = duration::zero();

  /// What the question itself has changed.
  std::optional<breaker_change> change = std::nullopt;

  static constexpr duration never = duration::max();
};

/// A circuit breaker; `breaker_options` says what it does. All that decides
/// lies in one atomic word, so that each change is made by one thread, and no
/// more probes are under way than may be.
///
/// Each state has a period with a number. A call ends with the ticket of the
/// period in which it was let through; one from an earlier period is counted
/// in the metrics, and changes neither a state nor a time. (The seed's late
/// failures prolong the open time; R4J #1432 and Polly #216 to #219 are what
/// happens when late calls count.)
///
/// Each change is returned to exactly one caller. `breaker_change::period`
/// tells their order, and has no gaps.
///
/// Every call that was admitted is to be ended once, with `record`; one that
/// never happened ends as ignored and so gives the place of a probe back.
///
/// Safe to call from any thread.
class breaker {
public:
  /// `seed` decides the jitter.
  /// @pre `validate(options)` has no complaint
  explicit breaker(const breaker_options& options, uint64_t seed = 0);

  /// May this call go?
  breaker_verdict admit(time_point now) noexcept {
    auto bits = word_.load(std::memory_order_acquire);
    if (breaker_word::lets_all_through(bits)) [[likely]]
      return {true, {static_cast<uint32_t>(breaker_word::from(bits).period)}};
    return admit_slowly(now);
  }

  /// The call has ended.
  std::optional<breaker_change>
  record(breaker_ticket ticket, const call_end& end, time_point now) noexcept;

  /// Does what is due by time alone; see `due`.
  std::optional<breaker_change> tick(time_point now) noexcept;

  /// When `tick` will have something to do, unless something happens before.
  std::optional<time_point> due() const noexcept;

  /// Another node's breaker has opened: lets probes through alone, if it was
  /// closed.
  std::optional<breaker_change> caution(time_point now) noexcept;

  /// Sets a state by hand. `closed` resets it: nothing is counted yet.
  /// @pre `to` is closed, forced_open, disabled or metrics_only
  std::optional<breaker_change> set(breaker_state to, time_point now) noexcept;

  /// Whether it is closed, lets all through, and nothing counts against it.
  bool is_clean(time_point now) const noexcept;

  /// Begins a new period for another endpoint, if it is clean.
  std::optional<breaker_change> reuse(time_point now) noexcept;

  breaker_state state() const noexcept { return now_word().state(); }

  uint32_t period() const noexcept {
    return static_cast<uint32_t>(now_word().period);
  }

  breaker_metrics metrics(time_point now) const noexcept;

  const breaker_options& options() const noexcept { return options_; }

private:
  breaker_word now_word() const noexcept {
    return breaker_word::from(word_.load(std::memory_order_acquire));
  }

  bool exchange(breaker_word& from, breaker_word to) noexcept;
  breaker_verdict admit_slowly(time_point now) noexcept;
  breaker_verdict admit_open(breaker_word& seen, bool& again,
                             time_point now) noexcept;
  breaker_verdict admit_probe(breaker_word& seen, bool& again,
                              time_point now) noexcept;
  breaker_verdict admit_ramping(breaker_word& seen, bool& again,
                                time_point now) noexcept;
  breaker_verdict refused(duration retry_after) noexcept;

  std::optional<breaker_change>
  end_closed(breaker_word seen, const call_end& end, time_point now) noexcept;
  std::optional<breaker_change> end_windowed(breaker_word seen,
                                             const call_end& end, bool slow,
                                             time_point now) noexcept;
  std::optional<breaker_change> end_probe(breaker_word seen,
                                          const call_end& end, bool slow,
                                          time_point now) noexcept;
  breaker_word after_probe(breaker_word seen, const call_end& end, bool slow,
                           breaker_cause& why) const noexcept;

  void begin_windows(uint32_t period) noexcept;
  time_point due_of(breaker_word seen, time_point now) noexcept;
  breaker_change entered(breaker_word from, breaker_word to, breaker_cause why,
                         time_point now, duration busy = {}) noexcept;
  std::optional<breaker_change>
  entered_if_new(breaker_word from, breaker_word to, breaker_cause why,
                 time_point now, duration busy) noexcept;
  duration open_time(breaker_word word) const noexcept;
  window_sums window(uint32_t period, time_point now) const noexcept;
  bool windowed() const noexcept { return options_.policy > by_count; }

  static constexpr auto by_count = breaker_policy::consecutive;

  breaker_options options_;
  uint64_t seed_;
  std::atomic<uint64_t> word_{breaker_word{}.bits()};

  // When an open period ends; when the probe hangs that was let through last;
  // when a closed one lets all through again.
  tagged_time due_;

  // While ramping: how much of a call has been saved up, in `ramp_unit`s.
  std::atomic<uint64_t> ramp_{0};

  call_counts counts_;
  std::optional<count_window> by_calls_;
  std::optional<time_window> by_time_;
};

} // namespace bulwark
