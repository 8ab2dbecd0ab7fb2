#pragma once

#include <bulwark/containers/detail/prefetch.hpp>
#include <bulwark/containers/detail/thread_lane.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// The free entries of a table, by number. The links live in the entries: in
/// an atomic that holds a number while its entry is free, and may hold other
/// things while it is not.
///
/// Those who take and those who give back mostly run on different
/// processors, so they use different words: what is given back collects on
/// one stack, and who finds the other one empty takes all of it at once. Both
/// are lock-free stacks (Treiber 1986); a tag that changes with every
/// exchange defeats the ABA problem where single entries are taken.
///
/// An entry always goes back to the part that it was first given to.
///
/// Safe to call from any thread.
class index_pool {
public:
  static constexpr uint32_t none = 0xffff'ffff;

  /// Takes a free entry of part `which`, or returns `none`. `link(index)` is
  /// the atomic link of that entry.
  template <class Link>
  uint32_t take(size_t which, Link link) noexcept {
    auto& from = parts_[which];
    if (auto index = pop(from.ready, link); index != none)
      return index;
    auto index = from.returned.exchange(none, std::memory_order_acquire);
    if (index == none)
      return none;
    auto rest = next_of(index, link);
    if (rest != none) {
      want(rest, link);
      splice(from.ready, rest, link);
    }
    return index;
  }

  /// Gives an entry back to part `which`.
  template <class Link>
  void give(size_t which, uint32_t index, Link link) noexcept {
    auto& to = parts_[which].returned;
    auto head = to.load(std::memory_order_relaxed);
    do
      link(index).store(head, std::memory_order_relaxed);
    while (!to.compare_exchange_weak(head, index, std::memory_order_release,
                                     std::memory_order_relaxed));
  }

private:
  using tagged = std::atomic<uint64_t>;

  static uint32_t top(uint64_t head) noexcept {
    return static_cast<uint32_t>(head);
  }

  static uint64_t next_head(uint64_t head, uint32_t index) noexcept {
    return ((head >> 32) + 1) << 32 | index;
  }

  template <class Link>
  static uint32_t next_of(uint32_t index, Link link) noexcept {
    return static_cast<uint32_t>(link(index).load(std::memory_order_relaxed));
  }

  /// Has the entry that is taken next brought here meanwhile: whoever gave it
  /// back mostly ran on another processor.
  template <class Link>
  static void want(uint32_t index, Link link) noexcept {
    if (index != none)
      prefetch_to_change(&link(index));
  }

  template <class Link>
  static uint32_t pop(tagged& stack, Link link) noexcept {
    auto head = stack.load(std::memory_order_acquire);
    while (top(head) != none) {
      auto next = next_of(top(head), link);
      if (stack.compare_exchange_weak(head, next_head(head, next),
                                      std::memory_order_acquire)) {
        want(next, link);
        return top(head);
      }
    }
    return none;
  }

  /// Puts a chain that nobody else knows on top.
  template <class Link>
  static void splice(tagged& stack, uint32_t first, Link link) noexcept {
    auto last = first;
    auto head = stack.load(std::memory_order_relaxed);
    if (top(head) == none
        && stack.compare_exchange_strong(head, next_head(head, first),
                                         std::memory_order_release,
                                         std::memory_order_relaxed))
      return;
    for (auto next = next_of(last, link); next != none;
         next = next_of(last, link))
      last = next;
    do
      link(last).store(top(head), std::memory_order_relaxed);
    while (!stack.compare_exchange_weak(head, next_head(head, first),
                                        std::memory_order_release,
                                        std::memory_order_relaxed));
  }

  struct bin {
    alignas(64) tagged ready{none};
    alignas(64) std::atomic<uint32_t> returned{none};
  };

  std::array<bin, lanes> parts_;
};

} // namespace bulwark
