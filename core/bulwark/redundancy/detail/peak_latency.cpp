#include <bulwark/redundancy/detail/peak_latency.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bulwark {

namespace {

using tenth_us = std::chrono::duration<int64_t, std::ratio<1, 10'000'000>>;

/// How often one that is overtaken tries again to have its answer counted.
constexpr int latency_tries = 8;

uint32_t stamp_of(time_point now) noexcept {
  using std::chrono::milliseconds;
  return static_cast<uint32_t>(
    std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count());
}

uint64_t packed(double units, uint32_t stamp) noexcept {
  constexpr double most = std::numeric_limits<uint32_t>::max();
  auto value = static_cast<uint32_t>(std::clamp(units, 0.0, most));
  return uint64_t{value} << 32 | stamp;
}

double units_of(duration length) noexcept {
  return static_cast<double>(
    std::chrono::duration_cast<tenth_us>(length).count());
}

/// What is left of it after the time since.
double share_left(uint64_t word, uint32_t stamp) noexcept {
  using std::chrono::milliseconds;
  auto passed = stamp - static_cast<uint32_t>(word);
  // Another thread, with a later look at the clock, was faster.
  if (passed > std::numeric_limits<uint32_t>::max() / 2)
    return 1;
  constexpr double decay =
    milliseconds{peak_latency::decay / milliseconds{1}}.count();
  return std::exp(-static_cast<double>(passed) / decay);
}

} // namespace

void peak_latency::start(duration median, time_point now) noexcept {
  word_.store(packed(units_of(median), stamp_of(now)),
              std::memory_order_relaxed);
}

void peak_latency::answered(duration took, time_point now) noexcept {
  auto sample = units_of(took);
  auto stamp = stamp_of(now);
  auto seen = word_.load(std::memory_order_relaxed);
  for (int i = 0; i < latency_tries; ++i) {
    auto known = static_cast<double>(seen >> 32);
    auto left = share_left(seen, stamp);
    // Within one millisecond nothing is forgotten, and nothing is to be noted.
    if (sample <= known && left == 1)
      return;
    auto next = sample > known ? sample : known * left + sample * (1 - left);
    if (word_.compare_exchange_weak(seen, packed(next, stamp),
                                    std::memory_order_relaxed))
      return;
  }
}

void peak_latency::failed(duration took, duration median,
                          time_point now) noexcept {
  answered(std::max(took, median), now);
}

duration peak_latency::at(time_point now) const noexcept {
  auto seen = word_.load(std::memory_order_relaxed);
  auto units =
    static_cast<double>(seen >> 32) * share_left(seen, stamp_of(now));
  return std::chrono::duration_cast<duration>(tenth_us{std::llround(units)});
}

} // namespace bulwark
