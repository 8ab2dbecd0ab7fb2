#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/containers/detail/prefetch.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace bulwark {

/// How much of a bulkhead is in use, and how much may be: the part of it that
/// every request passes.
///
/// One word holds the use, a mark that everybody has to come the slow way, and
/// a number that changes with the limits: whoever takes, takes under the limits
/// of that very moment. A taker fails when it sees the mark; who sets the mark
/// tries again afterwards; who gives back is told of the mark. So of one that
/// begins to wait and one that gives back at the same time, one sees the other.
/// Who gives back under a condition does so under that of the very moment, too,
/// if whoever changes the condition says `renumber` afterwards.
///
/// Safe to call from any thread.
class permit_counter {
public:
  static constexpr uint64_t use_max = (uint64_t{1} << 44) - 1;

  struct limits {
    /// What may be in use with what is not critical, and with what is.
    uint64_t normal = 0;
    uint64_t critical = 0;
  };

  explicit permit_counter(limits now) noexcept
    : normal_(now.normal), critical_(now.critical) {}

  /// To be called some time before the use is changed: mostly it was changed on
  /// another processor before, and is on its way here meanwhile.
  void expect_change() const noexcept { prefetch_to_change(&word_); }

  /// Takes, if there is room and no mark is set. Returns the use after it.
  std::optional<uint64_t> try_take(uint64_t amount,
                                   call_priority priority) noexcept {
    return take_if<true>(amount, priority);
  }

  /// The same for those who came the slow way.
  std::optional<uint64_t> take_slowly(uint64_t amount,
                                      call_priority priority) noexcept {
    return take_if<false>(amount, priority);
  }

  /// Takes whatever the limits are: what only watches. Fails only beyond what
  /// can be counted.
  std::optional<uint64_t> take_over_limit(uint64_t amount) noexcept {
    auto word = word_.load(std::memory_order_seq_cst);
    do
      if (amount > use_max || use_of(word) > use_max - amount)
        return std::nullopt;
    while (!word_.compare_exchange_weak(word, word + amount,
                                        std::memory_order_seq_cst));
    note_peak(use_of(word) + amount);
    return use_of(word) + amount;
  }

  struct given {
    uint64_t use;
    bool marked;
  };

  /// @pre at least `amount` was taken
  given give(uint64_t amount) noexcept {
    auto before = word_.fetch_sub(amount, std::memory_order_seq_cst);
    return {use_of(before) - amount, (before & mark) != 0};
  }

  /// The same, if `refused()`, which may be asked several times, does not say
  /// no; whoever made it say so sees what the caller did before.
  template <class F>
  std::optional<given> give_unless(F refused, uint64_t amount) noexcept {
    auto word = word_.load(std::memory_order_seq_cst);
    do
      if (refused())
        return std::nullopt;
    while (!word_.compare_exchange_weak(word, word - amount,
                                        std::memory_order_seq_cst));
    return given{use_of(word) - amount, (word & mark) != 0};
  }

  void set_mark(bool on) noexcept {
    if (on)
      word_.fetch_or(mark, std::memory_order_seq_cst);
    else
      word_.fetch_and(~mark, std::memory_order_seq_cst);
  }

  void set_limits(limits now) noexcept {
    normal_.store(now.normal, std::memory_order_seq_cst);
    critical_.store(now.critical, std::memory_order_seq_cst);
    renumber();
  }

  /// Whoever looked at something before this fails to change the use after it,
  /// and looks again.
  void renumber() noexcept {
    // The last bits, so that what overflows is gone.
    word_.fetch_add(epoch, std::memory_order_seq_cst);
  }

  /// Within these bounds a change of the use is of no further interest.
  void set_quiet(uint64_t from, uint64_t to) noexcept {
    quiet_from_.store(from, std::memory_order_seq_cst);
    quiet_to_.store(to, std::memory_order_seq_cst);
  }

  bool quiet(uint64_t use) const noexcept {
    return use >= quiet_from_.load(std::memory_order_seq_cst)
           && use < quiet_to_.load(std::memory_order_seq_cst);
  }

  uint64_t peak() const noexcept {
    return peak_.load(std::memory_order_relaxed);
  }

  uint64_t use() const noexcept {
    return use_of(word_.load(std::memory_order_seq_cst));
  }

  limits limits_now() const noexcept {
    return {normal_.load(std::memory_order_seq_cst),
            critical_.load(std::memory_order_seq_cst)};
  }

private:
  static constexpr uint64_t mark = uint64_t{1} << 44;
  static constexpr uint64_t epoch = uint64_t{1} << 45;

  static uint64_t use_of(uint64_t word) noexcept { return word & use_max; }

  template <bool Marked>
  std::optional<uint64_t> take_if(uint64_t amount,
                                  call_priority priority) noexcept {
    auto word = word_.load(std::memory_order_seq_cst);
    const auto& limit =
      priority == call_priority::critical ? critical_ : normal_;
    for (;;) {
      if (Marked && (word & mark) != 0)
        return std::nullopt;
      auto most = limit.load(std::memory_order_seq_cst);
      if (amount > most || use_of(word) > most - amount)
        return std::nullopt;
      if (word_.compare_exchange_weak(word, word + amount,
                                      std::memory_order_seq_cst)) {
        note_peak(use_of(word) + amount);
        return use_of(word) + amount;
      }
    }
  }

  void note_peak(uint64_t use) noexcept {
    auto known = peak_.load(std::memory_order_relaxed);
    while (
      use > known
      && !peak_.compare_exchange_weak(known, use, std::memory_order_relaxed))
      ;
  }

  // Read by all and written rarely.
  alignas(64) std::atomic<uint64_t> normal_;
  std::atomic<uint64_t> critical_;
  std::atomic<uint64_t> quiet_from_{0};
  std::atomic<uint64_t> quiet_to_{~uint64_t{0}};
  std::atomic<uint64_t> peak_{0};
  alignas(64) std::atomic<uint64_t> word_{0};
};

} // namespace bulwark
