#include <bulwark/gate/detail/request_tally.hpp>

#include <algorithm>
#include <chrono>

namespace bulwark {

namespace {

size_t class_of(duration took) noexcept {
  auto seconds = std::chrono::duration<double>{took}.count();
  return static_cast<size_t>(std::lower_bound(request_time_bounds.begin(),
                                              request_time_bounds.end(),
                                              seconds)
                             - request_time_bounds.begin());
}

} // namespace

void request_tally::began(pending_id id, time_point now) noexcept {
  try {
    starts_.need(id.index());
    starts_.at(id.index())
      .store(now.time_since_epoch().count(), std::memory_order_relaxed);
  } catch (...) {
    // Out of memory.
  }
}

void request_tally::took(pending_id id, time_point now) noexcept {
  if (!starts_.has(id.index()))
    return;
  auto start = starts_.at(id.index()).load(std::memory_order_relaxed);
  auto time = std::max(now - time_point{duration{start}}, duration::zero());
  auto lane = thread_lane();
  auto& to = lanes_[lane];
  add_on_lane(to.times[class_of(time)], lane, uint64_t{1},
              std::memory_order_relaxed);
  add_on_lane(to.time, lane,
              static_cast<uint64_t>(std::chrono::nanoseconds{time}.count()),
              std::memory_order_relaxed);
}

request_figures request_tally::read() const {
  request_figures result;
  std::array<uint64_t, places> sums{};
  uint64_t time = 0;
  for (const auto& each : lanes_) {
    for (size_t i = 0; i < places; ++i)
      sums[i] += each.outcomes[i].load(std::memory_order_relaxed);
    for (size_t i = 0; i < classes; ++i)
      result.times[i] += each.times[i].load(std::memory_order_relaxed);
    time += each.time.load(std::memory_order_relaxed);
  }
  result.seconds =
    std::chrono::duration<double>{std::chrono::nanoseconds{time}}.count();
  result.outcomes = {{"ok", sums[0]}, {"error", sums[1]}};
  for (size_t i = 2; i < places; ++i)
    if (sums[i] != 0)
      result.outcomes.push_back({to_string(static_cast<errc>(i - 1)), sums[i]});
  return result;
}

} // namespace bulwark
