#pragma once

#include <bulwark/thread_shard.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace bulwark::detail {

/// Strong handles to one actor, counted in advance. A handle that one thread
/// copies and another one drops makes the actor's reference count travel
/// between two processors with every request; taken from here, the count is
/// touched by the one who drops it, and once per `mint` by the one who takes.
///
/// What was counted in advance keeps the actor alive until `close`.
///
/// Safe to call from any thread.
class handle_purse {
public:
  handle_purse() = default;
  handle_purse(const handle_purse&) = delete;
  handle_purse& operator=(const handle_purse&) = delete;

  /// @pre called once, before the first `take`
  void fill_from(caf::weak_actor_ptr owner) noexcept {
    owner_ = std::move(owner);
  }

  ~handle_purse() { close(); }

  /// Returns a handle, or null when the purse was closed or the actor is gone.
  caf::strong_actor_ptr take() noexcept {
    auto& left = parts_[thread_shard()].left;
    auto have = left.load(std::memory_order_relaxed);
    while (have > 0)
      if (left.compare_exchange_weak(have, have - 1, std::memory_order_relaxed))
        return {owner_.get(), false};
    return have == closed ? nullptr : mint(left);
  }

  /// Gives back what was counted in advance; `take` returns null from now on.
  void close() noexcept {
    for (auto& it : parts_) {
      auto have = it.left.exchange(closed, std::memory_order_acq_rel);
      for (; have > 0; --have)
        caf::intrusive_ptr_release(owner_.get());
    }
  }

private:
  static constexpr int64_t batch = 1024;
  static constexpr int64_t closed = -1;

  caf::strong_actor_ptr mint(std::atomic<int64_t>& left) noexcept {
    caf::strong_actor_ptr first =
      caf::actor_cast<caf::strong_actor_ptr>(owner_);
    if (!first)
      return nullptr;
    first->strong_refs.fetch_add(batch, std::memory_order_relaxed);
    auto have = left.load(std::memory_order_relaxed);
    do
      if (have == closed) {
        first->strong_refs.fetch_sub(batch, std::memory_order_relaxed);
        return nullptr;
      }
    while (!left.compare_exchange_weak(have, have + batch,
                                       std::memory_order_release,
                                       std::memory_order_relaxed));
    return first;
  }

  struct alignas(64) part {
    std::atomic<int64_t> left{0};
  };

  caf::weak_actor_ptr owner_;
  std::array<part, shards> parts_;
};

} // namespace bulwark::detail
