#include <bulwark/containers/detail/latency_histogram.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace bulwark {

namespace {

constexpr duration one_second = std::chrono::seconds{1};

} // namespace

size_t latency_histogram::bucket_of(duration value) noexcept {
  auto units = static_cast<uint64_t>(value.count()) >> unit_bits;
  if (units < steps)
    return units;
  auto doubling = static_cast<unsigned>(std::bit_width(units)) - step_bits;
  auto step = (units >> (doubling - 1)) - steps;
  return std::min(doubling * steps + step, bucket_count - 1);
}

duration latency_histogram::middle_of(size_t bucket) noexcept {
  auto doubling = bucket / steps;
  auto low = bucket % steps;
  auto width_bits = static_cast<size_t>(unit_bits);
  if (doubling > 0) {
    low += steps;
    width_bits += doubling - 1;
  }
  auto width = uint64_t{1} << width_bits;
  return duration{static_cast<duration::rep>(low * width + width / 2)};
}

void latency_histogram::record(duration value) noexcept {
  value = std::max(value, duration::zero());
  ++buckets_[bucket_of(value)];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  ++count_;
  whole_seconds_ += static_cast<uint64_t>(value / one_second);
  rest_ += value % one_second;
  whole_seconds_ += static_cast<uint64_t>(rest_ / one_second);
  rest_ %= one_second;
}

void latency_histogram::merge(const latency_histogram& other) noexcept {
  if (other.count_ == 0)
    return;
  for (size_t i = 0; i < bucket_count; ++i)
    buckets_[i] += other.buckets_[i];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  count_ += other.count_;
  rest_ += other.rest_;
  whole_seconds_ +=
    other.whole_seconds_ + static_cast<uint64_t>(rest_ / one_second);
  rest_ %= one_second;
}

duration latency_histogram::percentile(double percent) const noexcept {
  // Also false for what is not a number.
  if (!(percent > 0.0))
    return min_;
  if (percent >= 100.0)
    return max_;
  // A hair less, so that 99.9 % of 1000 is the 999th in spite of rounding.
  auto place = percent / 100.0 * static_cast<double>(count_) * (1.0 - 1e-12);
  auto rank = static_cast<uint64_t>(std::ceil(place));
  uint64_t seen = 0;
  for (size_t i = 0; i + 1 < bucket_count; ++i) {
    seen += buckets_[i];
    if (seen >= rank && seen > 0)
      return std::clamp(middle_of(i), min_, max_);
  }
  return max_;
}

duration latency_histogram::mean() const noexcept {
  if (count_ == 0)
    return duration::zero();
  auto sum = static_cast<double>(whole_seconds_) * 1e9
             + static_cast<double>(rest_.count());
  return duration{
    static_cast<duration::rep>(sum / static_cast<double>(count_))};
}

} // namespace bulwark
