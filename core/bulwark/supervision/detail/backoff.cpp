#include <bulwark/supervision/detail/backoff.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

/// Returns `from * factor` within [0, limit]; NaN gives `limit`.
duration scaled(duration from, double factor, duration limit) {
  auto ticks = static_cast<double>(from.count()) * factor;
  if (!(ticks < static_cast<double>(limit.count())))
    return limit;
  return duration{static_cast<duration::rep>(std::max(ticks, 0.0))};
}

duration grown(duration initial, double multiplier, uint32_t steps,
               duration limit) {
  if (initial <= duration::zero())
    return duration::zero();
  return scaled(initial, std::pow(multiplier, static_cast<double>(steps)),
                limit);
}

} // namespace

duration backoff_delay(const restart_options& options, uint32_t failures_before,
                       double unit_random) {
  auto middle =
    grown(options.initial, options.multiplier, failures_before, options.max);
  auto random = std::clamp(unit_random, 0.0, 1.0);
  auto share = 1.0 - options.jitter + 2.0 * options.jitter * random;
  return scaled(middle, share, duration::max());
}

duration cool_down_delay(const restart_options& options,
                         uint32_t cool_downs_before) {
  return grown(options.cool_down, 2.0, cool_downs_before,
               options.cool_down_max);
}

} // namespace bulwark
