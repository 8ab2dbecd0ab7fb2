#pragma once

#include <bulwark/containers/detail/thread_lane.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace bulwark {

/// The door to one replica. Whoever forwards a message holds the door from
/// `enter` to `leave`; a replica that dies closes it and then waits until
/// nobody holds it, so that no message is on its way to a dead one.
///
/// `enter` notes on its thread's lane that it holds the door, adds to `out_`,
/// and looks whether the door is open; `close` closes it and adds to `out_`
/// too. Both are read-modify-writes of `out_`, hence ordered: an enter after
/// the close sees the door closed; of an enter before it, the closing thread
/// finds the hold on its lane.
///
/// The door also counts the work that has not come back, which decides where
/// the next request goes and when a node is drained.
///
/// Safe to call from any thread; `leave` from the one that entered.
class slot {
public:
  /// Returns whether the door was open; then the caller holds it and one more
  /// piece of work is out.
  [[nodiscard]] bool enter() noexcept {
    // Looking first keeps those who come in vain from delaying the owner.
    if (!open_.load(std::memory_order_relaxed))
      return false;
    hold();
    out_.fetch_add(1, std::memory_order_acq_rel);
    if (open_.load(std::memory_order_acquire))
      return true;
    out_.fetch_sub(1, std::memory_order_relaxed);
    leave();
    return false;
  }

  /// Lets go of the door; the work stays out.
  void leave() noexcept {
    auto lane = thread_lane();
    add_on_lane(holds_[lane].n, lane, ~uint32_t{0}, std::memory_order_release);
  }

  /// Holds the door whether it is open or not, for handing over what waited
  /// before others come. Does not meet those who close it.
  void hold() noexcept {
    auto lane = thread_lane();
    add_on_lane(holds_[lane].n, lane, uint32_t{1}, std::memory_order_relaxed);
  }

  /// One more piece of work is out, one came back.
  void work_out() noexcept { out_.fetch_add(1, std::memory_order_relaxed); }
  void work_back() noexcept { back_.fetch_add(1, std::memory_order_relaxed); }

  void open() noexcept { open_.store(true, std::memory_order_release); }

  void close() noexcept {
    open_.store(false, std::memory_order_relaxed);
    meet();
  }

  /// Who entered before is seen to hold the door from now on, or to have left;
  /// who enters later sees what the caller did before.
  void meet() noexcept { out_.fetch_add(0, std::memory_order_acq_rel); }

  bool is_open() const noexcept {
    return open_.load(std::memory_order_acquire);
  }

  /// Returns whether somebody holds the door. When nobody does, the caller
  /// sees all that those did who left.
  bool held() const noexcept {
    return std::any_of(holds_.begin(), holds_.end(), [](auto& it) {
      return it.n.load(std::memory_order_acquire) != 0;
    });
  }

  /// Returns how many pieces of work are out.
  uint32_t load() const noexcept {
    auto back = back_.load(std::memory_order_relaxed);
    auto result = out_.load(std::memory_order_relaxed) - back;
    // Work that came back between the two looks would show as a debt.
    return result > debt ? 0 : result;
  }

private:
  static constexpr uint32_t debt = 0x8000'0000;

  struct alignas(64) count {
    std::atomic<uint32_t> n{0};
  };

  // Written by those who send; what the replica's thread writes is on a line
  // of its own, or each request would carry this one there and back. Both
  // counts of work wrap together.
  alignas(64) std::atomic<uint32_t> out_{0};
  std::atomic<bool> open_{false};
  alignas(64) std::atomic<uint32_t> back_{0};
  std::array<count, lanes> holds_;
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
