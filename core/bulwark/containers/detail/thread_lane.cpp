#include <bulwark/containers/detail/thread_lane.hpp>

#include <cstdint>

namespace bulwark::detail {

namespace {

constexpr uint32_t all_own = (uint32_t{1} << own_lanes) - 1;

/// A bit for each own lane that has an owner.
std::atomic<uint32_t> owned{0};

std::atomic<size_t> shared_turn{0};

size_t shared_lane() noexcept {
  auto turn = shared_turn.fetch_add(1, std::memory_order_relaxed);
  return own_lanes + turn % (lanes - own_lanes);
}

/// Gives the lane back when its thread ends. What runs on the thread after
/// that shares a lane.
struct lane_keeper {
  size_t lane = lanes;

  ~lane_keeper() {
    if (lane >= own_lanes)
      return;
    lane_of_thread = shared_lane() + 1;
    owned.fetch_and(~(uint32_t{1} << lane), std::memory_order_release);
  }
};

size_t own_lane() noexcept {
  auto now = owned.load(std::memory_order_relaxed);
  while (now != all_own) {
    size_t lane = 0;
    while ((now >> lane & 1) != 0)
      ++lane;
    if (owned.compare_exchange_weak(now, now | uint32_t{1} << lane,
                                    std::memory_order_acquire,
                                    std::memory_order_relaxed))
      return lane;
  }
  return lanes;
}

} // namespace

size_t claim_lane() noexcept {
  thread_local lane_keeper keeper;
  keeper.lane = own_lane();
  auto lane = keeper.lane < own_lanes ? keeper.lane : shared_lane();
  lane_of_thread = lane + 1;
  return lane;
}

} // namespace bulwark::detail
