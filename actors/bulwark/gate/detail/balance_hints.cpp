#include <bulwark/gate/detail/balance_hints.hpp>
#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/redundancy/detail/median.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>

namespace bulwark::detail {

bool balance_hints::wanted_by(balancing_strategy strategy) noexcept {
  switch (strategy) {
  case balancing_strategy::round_robin:
  case balancing_strategy::weighted:
  case balancing_strategy::peak_ewma:
  case balancing_strategy::consistent_hash:
    return true;
  case balancing_strategy::two_choices:
  case balancing_strategy::random:
  case balancing_strategy::least_in_flight:
    break;
  }
  return false;
}

balance_hints::balance_hints(caf::actor_system& sys,
                             balancing_strategy strategy,
                             const std::vector<uint32_t>& weights,
                             duration slow_start)
  : sys_(sys), strategy_(strategy), starts_(slow_start) {
  static_assert(slow_starts::members_max >= replicas_max);
  weights_.fill(1);
  std::copy_n(weights.begin(), std::min(weights.size(), weights_.size()),
              weights_.begin());
}

time_point balance_hints::now() const {
  return sys_.clock().now();
}

void balance_hints::ask(question& out, uint64_t key) noexcept {
  out.number = counts_requests(strategy_)
                 ? next_.fetch_add(1, std::memory_order_relaxed)
                 : cheap_random();
  out.traits.weights = weights_.data();
  out.traits.key = key;
  if (!learns())
    return;
  // The coarse clock would do for decay, but not beside the exact times that
  // requests end at.
  out.of = this;
  out.now = now();
  out.traits.latency = latency_of;
  out.traits.of = &out;
}

duration balance_hints::latency_of(const void* of, size_t index) noexcept {
  const auto& asked = *static_cast<const question*>(of);
  return asked.of->latencies_[index].at(asked.now);
}

uint64_t balance_hints::resting(uint64_t up) noexcept {
  return starts_.resting(up, now(), cheap_random());
}

void balance_hints::begin(size_t replica) noexcept {
  if (replica >= replicas_max || (!learns() && !slow()))
    return;
  auto at = now();
  starts_.begin(replica, at);
  if (!learns())
    return;
  latencies_[replica].start(median_without(replica, at), at);
}

void balance_hints::ended(size_t replica, const attempt_end& how) noexcept {
  if (!learns())
    return;
  if (how.how == attempt_outcome::value)
    latencies_[replica].answered(how.took, how.at);
  else
    latencies_[replica].failed(how.took, median_without(replica, how.at),
                               how.at);
}

/// Of those that anything is known of.
duration balance_hints::median_without(size_t replica,
                                       time_point now) const noexcept {
  std::array<duration, replicas_max> known;
  size_t count = 0;
  for (size_t i = 0; i < replicas_max; ++i)
    if (auto took = latencies_[i].at(now);
        i != replica && took > duration::zero())
      known[count++] = took;
  return median_of({known.data(), count});
}

} // namespace bulwark::detail
