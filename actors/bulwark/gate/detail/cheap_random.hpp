#pragma once

#include <cstdint>
#include <random>

namespace bulwark::detail {

/// What `cheap_random` goes on from in this thread; never 0. A test that
/// wants to see a run again sets it.
inline uint32_t& cheap_random_state() noexcept {
  thread_local uint32_t state = std::random_device{}() | 1;
  return state;
}

/// Chooses among replicas; need not be good, has to be cheap.
inline uint32_t cheap_random() noexcept {
  auto& state = cheap_random_state();
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

} // namespace bulwark::detail
