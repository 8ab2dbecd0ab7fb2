#include <bulwark/bulkhead/bulkhead_state.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

uint64_t use_at_share(uint64_t capacity, double share) noexcept {
  auto exact = static_cast<double>(capacity) * share;
  auto use = static_cast<uint64_t>(std::ceil(exact - 1e-9 * exact - 1e-9));
  return std::max<uint64_t>(1, use);
}

bulkhead_state state_of(uint64_t use, const bulkhead_options& o) noexcept {
  if (use == 0)
    return bulkhead_state::available;
  if (use >= o.capacity - o.reserved_for_critical)
    return bulkhead_state::exhausted;
  return use < use_at_share(o.capacity, o.warning) ? bulkhead_state::allocated
                                                   : bulkhead_state::degraded;
}

double utilization(uint64_t use, uint64_t capacity) noexcept {
  if (capacity == 0)
    return 0;
  // Rounded once, so that 7 of 10 is 70 and not a bit less.
  return 100.0 * static_cast<double>(use) / static_cast<double>(capacity);
}

bulkhead_health health_of(double utilization_percent) noexcept {
  if (utilization_percent < 70)
    return bulkhead_health::healthy;
  return utilization_percent < 90 ? bulkhead_health::degraded
                                  : bulkhead_health::exhausted;
}

std::string to_string(bulkhead_state state) {
  switch (state) {
  case bulkhead_state::available:
    return "available";
  case bulkhead_state::allocated:
    return "allocated";
  case bulkhead_state::degraded:
    return "degraded";
  case bulkhead_state::exhausted:
    return "exhausted";
  }
  return "bulkhead_state(" + std::to_string(static_cast<int>(state)) + ")";
}

std::string to_string(bulkhead_health health) {
  switch (health) {
  case bulkhead_health::healthy:
    return "healthy";
  case bulkhead_health::degraded:
    return "degraded";
  case bulkhead_health::exhausted:
    return "exhausted";
  }
  return "bulkhead_health(" + std::to_string(static_cast<int>(health)) + ")";
}

} // namespace bulwark
