#include <bulwark/bulkhead/threshold_watch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bulwark {

namespace {

uint64_t share_of(uint64_t capacity, double share) {
  // 0.95 of 20 is 19, whatever the last bit of the product says.
  auto exact = static_cast<double>(capacity) * share;
  return static_cast<uint64_t>(std::ceil(exact - 1e-9 * exact - 1e-9));
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
    each.up = std::max<uint64_t>(1, share_of(capacity, each.share));
    auto low = share_of(capacity, std::max(0.0, each.share - hysteresis_));
    each.down = std::min(each.up - 1, low);
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
