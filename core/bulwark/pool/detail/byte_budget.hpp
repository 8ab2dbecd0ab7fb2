#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace bulwark {

/// A number of bytes that may be in use at once. What is charged was there;
/// what was refused has changed nothing.
///
/// Safe to call from any thread; two atomic operations, no lock.
class byte_budget {
public:
  static constexpr uint64_t unlimited = std::numeric_limits<uint64_t>::max();

  explicit byte_budget(uint64_t limit = unlimited) noexcept : limit_(limit) {}

  byte_budget(const byte_budget&) = delete;
  byte_budget& operator=(const byte_budget&) = delete;

  /// Takes `bytes`, or nothing and returns false.
  [[nodiscard]] bool charge(uint64_t bytes) noexcept {
    auto used = used_.load(std::memory_order_relaxed);
    const auto limit = limit_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit || used > limit - bytes)
        return false;
    } while (!used_.compare_exchange_weak(used, used + bytes,
                                          std::memory_order_relaxed));
    note_peak(used + bytes);
    return true;
  }

  /// @pre at least as much was charged
  void uncharge(uint64_t bytes) noexcept {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  /// Below what is in use: nothing more until enough came back.
  void resize(uint64_t limit) noexcept {
    limit_.store(limit, std::memory_order_relaxed);
  }

  uint64_t used() const noexcept {
    return used_.load(std::memory_order_relaxed);
  }

  uint64_t limit() const noexcept {
    return limit_.load(std::memory_order_relaxed);
  }

  /// The most that was in use at once.
  uint64_t peak() const noexcept {
    return peak_.load(std::memory_order_relaxed);
  }

private:
  void note_peak(uint64_t used) noexcept {
    auto known = peak_.load(std::memory_order_relaxed);
    while (
      used > known
      && !peak_.compare_exchange_weak(known, used, std::memory_order_relaxed))
      continue;
  }

  std::atomic<uint64_t> used_{0};
  std::atomic<uint64_t> limit_;
  std::atomic<uint64_t> peak_{0};
};

} // namespace bulwark
