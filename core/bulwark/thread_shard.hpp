#pragma once

#include <atomic>
#include <cstddef>

namespace bulwark {

/// How many ways data is split that many threads write.
inline constexpr size_t shards = 8;

/// Returns which of `shards` parts this thread uses: threads take turns.
///
/// Safe to call from any thread.
inline size_t thread_shard() noexcept {
  static std::atomic<size_t> next{0};
  thread_local size_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine % shards;
}

} // namespace bulwark
