#pragma once

#include <atomic>
#include <cstdint>

namespace bulwark {

/// A lock-free stack of entry numbers (Treiber 1986). The links live in the
/// entries; a tag that changes with every exchange defeats the ABA problem
/// for 2^32 operations between one thread's read and its exchange.
///
/// Safe to call from any thread.
class index_stack {
public:
  static constexpr uint32_t none = 0xffff'ffff;

  /// Puts `index` on top. `link(index)` is the atomic link of that entry.
  template <class Link>
  void push(uint32_t index, Link link) noexcept {
    auto head = head_.load(std::memory_order_relaxed);
    do
      link(index).store(top(head), std::memory_order_relaxed);
    while (!head_.compare_exchange_weak(head, next_head(head, index),
                                        std::memory_order_release,
                                        std::memory_order_relaxed));
  }

  /// Takes the top entry, or returns `none`.
  template <class Link>
  uint32_t pop(Link link) noexcept {
    auto head = head_.load(std::memory_order_acquire);
    while (top(head) != none) {
      auto next = link(top(head)).load(std::memory_order_relaxed);
      if (head_.compare_exchange_weak(head, next_head(head, next),
                                      std::memory_order_acquire,
                                      std::memory_order_acquire))
        return top(head);
    }
    return none;
  }

private:
  static uint32_t top(uint64_t head) noexcept {
    return static_cast<uint32_t>(head);
  }

  static uint64_t next_head(uint64_t head, uint32_t index) noexcept {
    return ((head >> 32) + 1) << 32 | index;
  }

  std::atomic<uint64_t> head_{none};
};

} // namespace bulwark
