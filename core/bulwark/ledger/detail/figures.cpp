#include <bulwark/ledger/detail/figures.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bulwark {

bool is_of_system(component_kind kind) noexcept {
  return kind == component_kind::service || kind == component_kind::node
         || kind == component_kind::application;
}

double mtbf_of(uint64_t outages, int64_t first, int64_t last) noexcept {
  constexpr double hour = 3600e6;
  if (outages < 2)
    return std::numeric_limits<double>::infinity();
  return static_cast<double>(last - first) / static_cast<double>(outages - 1)
         / hour;
}

double mttr_of(int64_t recovery_time, uint64_t measured) noexcept {
  constexpr double minute = 60e6;
  if (measured == 0)
    return 0;
  return static_cast<double>(recovery_time) / static_cast<double>(measured)
         / minute;
}

double score_of(const score_input& input) noexcept {
  auto recovery = std::max(0.0, 30 - input.mttr_minutes / 10);
  auto frequency = std::min(20.0, input.mtbf_hours / 10);
  auto diversity = 10.0;
  if (input.known > 0)
    diversity *= 1
                 - static_cast<double>(input.failed_24h)
                     / static_cast<double>(input.known);
  auto sum = 0.4 * input.availability_24h + recovery + frequency + diversity;
  return std::clamp(sum, 0.0, 100.0);
}

} // namespace bulwark
