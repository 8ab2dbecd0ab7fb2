#include <bulwark/protection/detail/recent_latency.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

void recent_latency::record(duration took) noexcept {
  auto place = next_.fetch_add(1, std::memory_order_acq_rel);
  samples_[place % size].store(std::max<int64_t>(took.count(), 0),
                               std::memory_order_release);
  auto known = place + 1;
  if (known == samples_min_ || (known > samples_min_ && known % turn == 0))
    find(static_cast<size_t>(std::min<uint64_t>(known, size)));
}

void recent_latency::find(size_t known) noexcept {
  std::array<int64_t, size> sorted;
  for (size_t i = 0; i < known; ++i)
    sorted[i] = samples_[i].load(std::memory_order_acquire);
  // A hair less, so that 0.95 of 100 is the 95th in spite of rounding.
  auto rank = std::ceil(quantile_ * static_cast<double>(known) * (1 - 1e-12));
  auto at = static_cast<size_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.begin() + known);
  found_.store(sorted[at], std::memory_order_release);
}

std::optional<duration> recent_latency::quantile() const noexcept {
  auto found = found_.load(std::memory_order_acquire);
  return found < 0 ? std::nullopt : std::optional{duration{found}};
}

} // namespace bulwark
