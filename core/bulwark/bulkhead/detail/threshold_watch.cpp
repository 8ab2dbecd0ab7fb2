#include <bulwark/bulkhead/bulkhead_state.hpp>
#include <bulwark/bulkhead/detail/threshold_watch.hpp>

#include <algorithm>
#include <limits>

namespace bulwark {

namespace {

/// One permit that comes back and is taken again crosses nothing.
constexpr uint64_t permits_apart = 2;

/// The most use that is not above a share of the capacity.
uint64_t use_below_share(uint64_t capacity, double share) {
  auto exact = static_cast<double>(capacity) * share;
  return static_cast<uint64_t>(exact + 1e-9 * exact + 1e-9);
}

} // namespace

threshold_watch::threshold_watch(const bulkhead_options& options)
  : hysteresis_(options.hysteresis),
    marks_{{{"warning", options.warning}, {"critical", options.critical}}} {
  set_capacity(options.capacity);
}

void threshold_watch::set_capacity(uint64_t capacity) {
  capacity_ = capacity;
  for (auto& each : marks_) {
    each.up = use_at_share(capacity, each.share);
    auto share = std::max(0.0, each.share - hysteresis_);
    auto apart = std::min(permits_apart, each.up);
    each.down = std::min(each.up - apart, use_below_share(capacity, share));
  }
}

threshold_watch::quiet_range threshold_watch::quiet() const noexcept {
  quiet_range result{0, std::numeric_limits<uint64_t>::max()};
  for (const auto& each : marks_) {
    if (each.above)
      result.from = std::max(result.from, each.down + 1);
    else
      result.to = std::min(result.to, each.up);
  }
  return result;
}

threshold_watch::crossings threshold_watch::observe(uint64_t use) {
  crossings result;
  auto note = [&](mark& which, bool upward) {
    which.above = upward;
    result.all[result.count++] = {which.name, upward, use, capacity_};
  };
  for (auto& each : marks_)
    if (!each.above && use >= each.up)
      note(each, true);
  // Downward the higher one first.
  for (auto i = marks_.size(); i-- > 0;)
    if (marks_[i].above && use <= marks_[i].down)
      note(marks_[i], false);
  return result;
}

} // namespace bulwark
