#pragma once

#include <bulwark/time/time.hpp>

#include <algorithm>
#include <span>

namespace bulwark {

/// Of an even number the mean of the two in the middle; of none 0. Sorts them.
inline duration median_of(std::span<duration> all) noexcept {
  if (all.empty())
    return {};
  auto middle = all.size() / 2;
  std::sort(all.begin(), all.end());
  return all.size() % 2 == 1 ? all[middle]
                             : (all[middle - 1] + all[middle]) / 2;
}

} // namespace bulwark
