#include <bulwark/redundancy/detail/slow_starts.hpp>

#include <algorithm>
#include <limits>

namespace bulwark {

namespace {

int64_t ticks(time_point at) noexcept {
  return at.time_since_epoch().count();
}

/// Another number that looks like chance, for each member (xorshift*).
uint32_t mixed(uint32_t random, size_t member) noexcept {
  auto x = (uint64_t{random} << 8 | member) + 0x9e37'79b9'7f4a'7c15;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  return static_cast<uint32_t>(x * 0x2545'f491'4f6c'dd1d >> 32);
}

} // namespace

/// One at a time begins.
void slow_starts::begin(size_t member, time_point now) noexcept {
  if (!armed())
    return;
  began_[member].store(ticks(now), std::memory_order_relaxed);
  warm_[member].store(false, std::memory_order_relaxed);
  last_.store(ticks(now + window_), std::memory_order_release);
}

/// Who never began has been up for ever.
duration slow_starts::since(size_t member, time_point now) const noexcept {
  auto began = began_[member].load(std::memory_order_relaxed);
  return began == 0 ? window_ : duration{ticks(now) - began};
}

double slow_starts::share(size_t member, time_point now) const noexcept {
  auto passed = since(member, now);
  if (passed >= window_)
    return 1;
  return std::max(share_min, static_cast<double>(passed.count())
                               / static_cast<double>(window_.count()));
}

/// Of several that see it only one has it.
bool slow_starts::due(size_t member, time_point now) noexcept {
  auto passed = since(member, now);
  return passed < window_ && passed >= window_ / 2
         && !warm_[member].load(std::memory_order_relaxed)
         && !warm_[member].exchange(true, std::memory_order_relaxed);
}

uint64_t slow_starts::resting(uint64_t all, time_point now,
                              uint32_t random) noexcept {
  if (ticks(now) >= last_.load(std::memory_order_acquire))
    return 0;
  constexpr double top = std::numeric_limits<uint32_t>::max();
  uint64_t result = 0;
  for (size_t i = 0; i < members_max && (all >> i) != 0; ++i) {
    auto bit = uint64_t{1} << i;
    if ((all & bit) == 0)
      continue;
    if (due(i, now))
      return all & ~bit;
    if (auto part = share(i, now); part < 1 && mixed(random, i) > part * top)
      result |= bit;
  }
  return result != all ? result : 0;
}

} // namespace bulwark
