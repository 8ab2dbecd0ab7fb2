#pragma once

#include <bulwark/gate/balancing_rule.hpp>
#include <bulwark/gate/detail/prospects.hpp>
#include <bulwark/gate/protection.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/redundancy/detail/peak_latency.hpp>
#include <bulwark/redundancy/detail/slow_starts.hpp>
#include <bulwark/time/time.hpp>

#include <caf/fwd.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulwark::detail {

/// What a strategy wants to know of a gate's replicas beside their loads: whose
/// turn it is, their weights, how long they take, the request's key; and who
/// has no part in it, because it has just come up.
///
/// Safe to call from any thread.
class balance_hints {
public:
  static constexpr size_t replicas_max = prospects::replicas_max;

  /// Whether the rule of that strategy asks for any of it.
  static bool wanted_by(balancing_strategy strategy) noexcept;

  /// Replicas without a weight have the weight 1. `slow_start`: for so long
  /// they get less.
  balance_hints(caf::actor_system& sys, balancing_strategy strategy,
                const std::vector<uint32_t>& weights,
                duration slow_start = duration::zero());

  /// What a rule is asked with for one request; stays where it is.
  struct question {
    uint32_t number = 0;
    replica_traits traits{};
    const balance_hints* of = nullptr;
    time_point now{};
  };

  /// `key`: the hash of the request's key; 0: it has none.
  void ask(question& out, uint64_t key) noexcept;

  /// Whether some may get less than their share; then who of those that are up,
  /// one bit for each, is to be passed over; and who gets the request.
  bool slow() const noexcept { return starts_.armed(); }
  uint64_t resting(uint64_t up) noexcept;
  void goes_to(size_t replica) noexcept { starts_.got_one(replica); }

  /// Whether it has to be told how requests end.
  bool learns() const noexcept {
    return strategy_ == balancing_strategy::peak_ewma;
  }

  /// A replica is up, again: what is known of the one before does not count.
  void begin(size_t replica) noexcept;

  /// A replica's attempt ended. @pre `how.how` is not `never_went`
  void ended(size_t replica, const attempt_end& how) noexcept;

private:
  static duration latency_of(const void* of, size_t index) noexcept;
  duration median_without(size_t replica, time_point now) const noexcept;
  time_point now() const;

  caf::actor_system& sys_;
  const balancing_strategy strategy_;
  std::array<uint32_t, replicas_max> weights_;
  std::atomic<uint32_t> next_{0};
  std::array<peak_latency, replicas_max> latencies_;
  slow_starts starts_;
};

} // namespace bulwark::detail
