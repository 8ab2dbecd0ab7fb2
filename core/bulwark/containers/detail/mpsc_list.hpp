#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace bulwark {

/// What many threads hand to one: they push values one by one, it takes all
/// that are there at once, in their order. No thread ever waits for another.
///
/// `push` is safe to call from any thread, `take_all` from one at a time.
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

  /// Returns whether the list was empty before: then whoever takes from it may
  /// be asleep.
  bool push(std::unique_ptr<node> what) noexcept {
    auto* mine = what.release();
    auto* older = newest_.load(std::memory_order_relaxed);
    do {
      mine->next = older;
    } while (!newest_.compare_exchange_weak(
      older, mine, std::memory_order_release, std::memory_order_relaxed));
    // From here on `mine` may be gone.
    return older == nullptr;
  }

  chain take_all() noexcept {
    auto* from = newest_.exchange(nullptr, std::memory_order_acquire);
    node* first = nullptr;
    while (from != nullptr) {
      auto* older = std::exchange(from->next, first);
      first = std::exchange(from, older);
    }
    return chain{first};
  }

private:
  std::atomic<node*> newest_{nullptr};
};

} // namespace bulwark
