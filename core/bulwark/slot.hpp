#pragma once

#include <atomic>
#include <cstdint>

namespace bulwark {

/// The door to one replica. Whoever forwards a message holds the door from
/// `enter` to `leave`; a replica that dies closes it and then waits until
/// nobody holds it, so that no message is on its way to a dead one.
///
/// `enter` counts first and looks afterwards, closing stores first and counts
/// afterwards, all sequentially consistent: one of the two sees the other.
/// The door also counts the work that has not come back, which decides where
/// the next request goes and when a node is drained.
///
/// Safe to call from any thread.
class slot {
public:
  /// Returns whether the door was open; then the caller holds it and one more
  /// piece of work is out.
  [[nodiscard]] bool enter() noexcept {
    // Looking first keeps those who come in vain from delaying the owner.
    if (!open_.load(std::memory_order_relaxed))
      return false;
    entered_.fetch_add(holder + work, std::memory_order_seq_cst);
    if (open_.load(std::memory_order_seq_cst))
      return true;
    entered_.fetch_sub(holder + work, std::memory_order_seq_cst);
    return false;
  }

  /// Lets go of the door; the work stays out.
  void leave() noexcept {
    entered_.fetch_sub(holder, std::memory_order_seq_cst);
  }

  /// Holds the door whether it is open or not, for handing over what waited
  /// before others come.
  void hold() noexcept {
    entered_.fetch_add(holder, std::memory_order_seq_cst);
  }

  /// One more piece of work is out, one came back.
  void work_out() noexcept {
    entered_.fetch_add(work, std::memory_order_relaxed);
  }
  void work_back() noexcept { back_.fetch_add(1, std::memory_order_relaxed); }

  void open() noexcept { open_.store(true, std::memory_order_seq_cst); }

  void close() noexcept { open_.store(false, std::memory_order_seq_cst); }

  bool is_open() const noexcept {
    return open_.load(std::memory_order_seq_cst);
  }

  /// Returns whether somebody holds the door.
  bool held() const noexcept {
    return (entered_.load(std::memory_order_seq_cst) & holder_mask) != 0;
  }

  /// Returns how many pieces of work are out.
  uint32_t load() const noexcept {
    auto back = back_.load(std::memory_order_relaxed);
    auto out = entered_.load(std::memory_order_relaxed) >> holder_bits;
    auto result = static_cast<uint32_t>(out) - back;
    // Work that came back between the two looks would show as a debt.
    return result > debt ? 0 : result;
  }

private:
  static constexpr unsigned holder_bits = 32;
  static constexpr uint64_t holder = 1;
  static constexpr uint64_t work = uint64_t{1} << holder_bits;
  static constexpr uint64_t holder_mask = work - 1;
  static constexpr uint32_t debt = 0x8000'0000;

  // Written by those who send; what the replica's thread writes is on a line
  // of its own, or each request would carry this one there and back. Both
  // counts of work wrap together.
  alignas(64) std::atomic<uint64_t> entered_{0};
  std::atomic<bool> open_{false};
  alignas(64) std::atomic<uint32_t> back_{0};
};

/// Lets go of a slot at the end of its scope.
///
/// Confined to one thread.
class slot_guard {
public:
  explicit slot_guard(slot& held) noexcept : held_(held) {}

  ~slot_guard() { held_.leave(); }

  slot_guard(const slot_guard&) = delete;
  slot_guard& operator=(const slot_guard&) = delete;

private:
  slot& held_;
};

} // namespace bulwark
