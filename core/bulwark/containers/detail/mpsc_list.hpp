#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>

namespace bulwark {

/// What many threads hand to one: they push values one by one, it takes all
/// that are there at once, in their order. No thread ever waits for another.
///
/// How many values there are stands in the upper bits of the word that points
/// to the newest one, which programs' addresses leave free: so one locked
/// instruction hands a value over and counts it.
///
/// `push` and `size` are safe to call from any thread, `take_all` from one at a
/// time.
/// Source: R. K. Treiber, "Systems Programming: Coping with Parallelism", 1986.
template <class T>
class mpsc_list {
public:
  struct node {
    T value;
    node* next = nullptr;
  };

  /// Values that were taken, the oldest first.
  ///
  /// Confined to one thread.
  class chain {
  public:
    explicit chain(node* first) noexcept : first_(first) {}

    chain(const chain&) = delete;
    chain& operator=(const chain&) = delete;

    ~chain() {
      while (take_first()) {
      }
    }

    /// Returns the oldest, or null when there are no more.
    std::unique_ptr<node> take_first() noexcept {
      auto* result = first_;
      if (result != nullptr)
        first_ = result->next;
      return std::unique_ptr<node>{result};
    }

  private:
    node* first_;
  };

  mpsc_list() noexcept = default;

  mpsc_list(const mpsc_list&) = delete;
  mpsc_list& operator=(const mpsc_list&) = delete;

  ~mpsc_list() { take_all(); }

  /// More than that can never be there at once.
  static constexpr size_t size_max = 0xffff;

  enum class outcome : uint8_t {
    pushed,
    pushed_first, ///< whoever takes from the list may be asleep
    full,         ///< `what` is the caller's still
  };

  /// Pushes a value unless there are `places`, at most `size_max`.
  outcome push(std::unique_ptr<node>& what, size_t places) noexcept {
    auto* mine = what.get();
    auto address = reinterpret_cast<uintptr_t>(mine);
    assert((address & ~address_bits) == 0 && places <= size_max);
    auto older = newest_.load(std::memory_order_relaxed);
    do {
      if (count_of(older) >= places)
        return outcome::full;
      mine->next = node_of(older);
    } while (!newest_.compare_exchange_weak(
      older, address | ((older & ~address_bits) + one),
      std::memory_order_release, std::memory_order_relaxed));
    // From here on `mine` may be gone.
    std::ignore = what.release();
    return older == 0 ? outcome::pushed_first : outcome::pushed;
  }

  /// How many there are, which may have changed already.
  size_t size() const noexcept {
    return count_of(newest_.load(std::memory_order_relaxed));
  }

  chain take_all() noexcept {
    auto* from = node_of(newest_.exchange(0, std::memory_order_acquire));
    node* first = nullptr;
    while (from != nullptr) {
      auto* older = std::exchange(from->next, first);
      first = std::exchange(from, older);
    }
    return chain{first};
  }

private:
  static_assert(sizeof(uintptr_t) == 8);

  static constexpr uintptr_t one = uintptr_t{1} << 48;
  static constexpr uintptr_t address_bits = one - 1;

  static size_t count_of(uintptr_t word) noexcept { return word / one; }

  static node* node_of(uintptr_t word) noexcept {
    return reinterpret_cast<node*>(word & address_bits);
  }

  std::atomic<uintptr_t> newest_{0};
};

} // namespace bulwark
