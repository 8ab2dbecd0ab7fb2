#pragma once

#include <atomic>
#include <cstddef>

namespace bulwark {

/// How many ways data is split that many threads write: up to `own_lanes`
/// threads have a lane to themselves, the others share the remaining ones.
inline constexpr size_t own_lanes = 8;
inline constexpr size_t lanes = 12;

namespace detail {

/// One more than the thread's lane; zero before it has one.
inline constinit thread_local size_t lane_of_thread = 0;

size_t claim_lane() noexcept;

} // namespace detail

/// Returns the lane of this thread. A lane below `own_lanes` is its own until
/// it ends; the next owner then sees all that it wrote.
///
/// Safe to call from any thread.
inline size_t thread_lane() noexcept {
  auto lane = detail::lane_of_thread;
  return lane != 0 ? lane - 1 : detail::claim_lane();
}

/// Adds to what only the threads of `lane` change. Who owns its lane needs no
/// locked instruction for it, only a load and a store.
///
/// @pre `lane` is the caller's
template <class T>
void add_on_lane(std::atomic<T>& to, size_t lane, T n,
                 std::memory_order order) noexcept {
  if (lane < own_lanes)
    to.store(to.load(std::memory_order_relaxed) + n, order);
  else
    to.fetch_add(n, order);
}

} // namespace bulwark
