#pragma once

#include <cstdint>

namespace bulwark {

/// Returns a number within [0, 1) that follows from `seed`; seeds that follow
/// each other give numbers that look like chance (S. Vigna's splitmix64).
constexpr double unit_random(uint64_t seed) noexcept {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111eb;
  return static_cast<double>((seed ^ seed >> 31) >> 11) * 0x1p-53;
}

} // namespace bulwark
