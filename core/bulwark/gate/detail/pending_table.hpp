#pragma once

#include <bulwark/containers/detail/chunked_array.hpp>
#include <bulwark/containers/detail/index_pool.hpp>
#include <bulwark/gate/detail/pending_word.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace bulwark {

/// For tables that keep nothing beside their entries.
struct nothing_beside {};

/// All requests that a gate has let in and that have not come back.
///
/// Invariants: an entry is freed exactly once per use; of all who try to
/// `take` or `answer_early` one use of an entry, one succeeds, and only that
/// one touches the payload. Entries never move. Memory grows in chunks up to
/// `capacity` and is kept until the table dies.
///
/// A reply, a deadline and the death of a replica may meet at one entry:
///
///     acquire -> publish(active | waiting)
///     active  -> taken -> free                        reply, death
///     active  -> answering -> abandoned -> taken ...  deadline, later reply
///     active  -> answering -> returned -> free        reply during the answer
///     waiting -> taken -> free                        deadline, refusal
///
/// Each entry has a `Beside` too, for what few requests need.
///
/// Safe to call from any thread.
template <class Payload, class Beside = nothing_beside>
class pending_table {
public:
  static constexpr size_t chunk_size = 1024;
  static constexpr size_t capacity_max = size_t{1} << pending_id::index_bits;
  static constexpr int64_t never = std::numeric_limits<int64_t>::max();

  using outcome = pending_outcome;

  /// What `take` got hold of.
  struct taken {
    outcome what = outcome::nothing;
    pending_owner owner;
    bool was_waiting = false;
  };

  /// @pre `0 < capacity <= capacity_max`
  explicit pending_table(size_t capacity = capacity_max)
    : capacity_(capacity) {}

  pending_table(const pending_table&) = delete;
  pending_table& operator=(const pending_table&) = delete;

  /// Returns a free entry that the caller alone may fill, or nothing when
  /// `capacity` entries are in use.
  std::optional<pending_id> acquire() {
    auto part = thread_lane();
    auto index = free_.take(part, links());
    if (index == index_pool::none)
      index = grow(part);
    // At capacity, what other threads gave back will do.
    for (size_t i = 1; index == index_pool::none && i < lanes; ++i)
      index = free_.take((part + i) % lanes, links());
    if (index == index_pool::none)
      return std::nullopt;
    auto bits = entries_.at(index).word.load(std::memory_order_relaxed);
    return pending_id::make(index, pending_word::unpack(bits).generation);
  }

  /// The payload; only for who acquired, took or answers the entry.
  Payload& payload(pending_id id) noexcept {
    return entries_.at(id.index()).payload;
  }

  /// What is kept beside it; for the same, and for whom `restamp_if` asks.
  Beside& beside(pending_id id) noexcept { return entries_.beside(id.index()); }

  /// Makes the filled entry visible to `take` and `for_each`. A release only:
  /// who must not miss it has to meet the publisher in another variable.
  void publish(pending_id id, pending_owner owner, pending_state state,
               int64_t expires) noexcept {
    auto& to = entries_.at(id.index());
    to.expires.store(expires, std::memory_order_relaxed);
    auto word = pending_word{id.generation(), owner, state};
    to.word.store(word.pack(), std::memory_order_release);
  }

  /// Moves a live entry from one owner and state to another, or returns false
  /// when it is not there any more. `expires` is changed only on success, and
  /// before the new state can be seen.
  bool restamp(pending_id id, pending_word from, pending_word to,
               int64_t expires) noexcept {
    return restamp_if(id, from, to, expires, [] { return true; });
  }

  /// The same, if `wanted()` agrees, which may use the entry as if it were
  /// its own, and say what `expires` is. When it throws, the entry is what it
  /// was before.
  template <class F>
  bool restamp_if(pending_id id, pending_word from, pending_word to,
                  const int64_t& expires, F wanted) {
    auto& it = entries_.at(id.index());
    from.generation = to.generation = id.generation();
    auto hidden = from.with(pending_state::taken).pack();
    auto expected = from.pack();
    if (!it.word.compare_exchange_strong(expected, hidden,
                                         std::memory_order_seq_cst))
      return false;
    bool agreed = false;
    try {
      agreed = wanted();
    } catch (...) {
      it.word.store(from.pack(), std::memory_order_seq_cst);
      throw;
    }
    if (agreed)
      it.expires.store(expires, std::memory_order_relaxed);
    it.word.store((agreed ? to : from).pack(), std::memory_order_seq_cst);
    return agreed;
  }

  /// Makes an entry that `take` has won live again. Who looked at it meanwhile
  /// has not seen it.
  void put_back(pending_id id, const taken& won) noexcept {
    auto state =
      won.was_waiting ? pending_state::waiting : pending_state::active;
    entries_.at(id.index())
      .word.store(pending_word{id.generation(), won.owner, state}.pack(),
                  std::memory_order_seq_cst);
  }

  /// Wins the entry for whoever brings the work back or gives up on it. When
  /// `only` is set, an entry of another owner is left alone.
  taken take(pending_id id,
             std::optional<pending_owner> only = std::nullopt) noexcept {
    if (!known(id))
      return {};
    auto& it = entries_.at(id.index());
    auto bits = it.word.load(std::memory_order_acquire);
    for (;;) {
      auto word = pending_word::unpack(bits);
      if (word.generation != id.generation() || (only && word.owner != *only))
        return {};
      auto next = after_return(word.state);
      if (next == pending_state::free)
        return {};
      if (!it.word.compare_exchange_weak(bits, word.with(next).pack(),
                                         std::memory_order_seq_cst))
        continue;
      return {outcome_of(word.state), word.owner,
              word.state == pending_state::waiting};
    }
  }

  /// Wins the right to answer the client of an active entry before the work
  /// came back. Must be followed by `finish_early`.
  bool answer_early(pending_id id) noexcept {
    auto& it = entries_.at(id.index());
    auto bits = it.word.load(std::memory_order_acquire);
    for (;;) {
      auto word = pending_word::unpack(bits);
      if (word.generation != id.generation()
          || word.state != pending_state::active)
        return false;
      auto next = word.with(pending_state::answering).pack();
      if (it.word.compare_exchange_weak(bits, next, std::memory_order_seq_cst))
        return true;
    }
  }

  /// Leaves the entry abandoned until `expires`. Returns the owner when the
  /// work has come back meanwhile: then the caller has to `release`.
  std::optional<pending_owner> finish_early(pending_id id,
                                            int64_t expires) noexcept {
    auto& it = entries_.at(id.index());
    it.expires.store(expires, std::memory_order_relaxed);
    auto bits = it.word.load(std::memory_order_acquire);
    auto word = pending_word::unpack(bits);
    if (word.state == pending_state::answering
        && it.word.compare_exchange_strong(
          bits, word.with(pending_state::abandoned).pack(),
          std::memory_order_seq_cst))
      return std::nullopt;
    return word.owner;
  }

  /// Gives an acquired or taken entry back. Its name is used up.
  /// @pre the payload and what is beside it were emptied
  void release(pending_id id) noexcept {
    auto& it = entries_.at(id.index());
    auto next = (id.generation() + 1) & pending_id::generation_mask;
    auto& rare = entries_.beside(id.index());
    if (rare.mark.load(std::memory_order_relaxed) != 0)
      rare.mark.store(0, std::memory_order_relaxed);
    it.word.store(pending_word{next, {}, pending_state::free}.pack(),
                  std::memory_order_release);
    free_.give(rare.home, id.index(), links());
  }

  /// A number that is zero when the entry is acquired. Lives apart from it,
  /// because it is rarely written.
  std::atomic<uint8_t>& mark(pending_id id) noexcept {
    return entries_.beside(id.index()).mark;
  }

  /// Returns owner and state of this use of the entry, if it still goes on.
  std::optional<pending_word> word_of(pending_id id) const noexcept {
    if (!known(id))
      return std::nullopt;
    auto word = pending_word::unpack(
      entries_.at(id.index()).word.load(std::memory_order_acquire));
    if (word.generation != id.generation() || word.state == pending_state::free)
      return std::nullopt;
    return word;
  }

  /// Returns whether this use of the entry is still going on.
  bool live(pending_id id) const noexcept { return word_of(id).has_value(); }

  /// When the entry is due, at this moment.
  int64_t expires_of(pending_id id) const noexcept {
    return entries_.at(id.index()).expires.load(std::memory_order_relaxed);
  }

  /// Calls `f(pending_id, pending_word, expires)` for every entry in use, as
  /// far as others hold still.
  template <class F>
  void for_each(F f) {
    auto end = std::min(used_.load(std::memory_order_acquire), capacity_);
    for (uint32_t index = 0; index < end; ++index) {
      if (!entries_.has(index))
        continue;
      auto& it = entries_.at(index);
      auto word = pending_word::unpack(it.word.load(std::memory_order_seq_cst));
      if (word.state != pending_state::free)
        f(pending_id::make(index, word.generation), word,
          it.expires.load(std::memory_order_relaxed));
    }
  }

private:
  /// An entry travels between two processors with every request: a payload
  /// of 48 bytes lets it travel in one piece.
  struct alignas(64) entry {
    std::atomic<uint64_t> word{0};

    /// While the entry is free, the number of the next free one. Who reads it
    /// as a time nevertheless finds the word changed afterwards.
    std::atomic<int64_t> expires{never};

    Payload payload{};
  };

  /// Derived, so that it fills what `Beside` leaves of its last word.
  struct rarely_written : Beside {
    /// Part of the pool; written once, before the entry is first used.
    uint8_t home = 0;

    std::atomic<uint8_t> mark{0};
  };

  auto links() const noexcept {
    return [this](uint32_t i) -> auto& {
      return entries_.at(i).expires;
    };
  }

  /// An id may come from a forged message.
  bool known(pending_id id) const noexcept {
    return id.index() < capacity_ && entries_.has(id.index());
  }

  uint32_t grow(size_t part) {
    auto index = used_.load(std::memory_order_relaxed);
    do {
      if (index >= capacity_)
        return index_pool::none;
      // Before the entry counts as used: without memory it stays for later.
      entries_.need(static_cast<uint32_t>(index));
    } while (!used_.compare_exchange_weak(index, index + 1,
                                          std::memory_order_acq_rel));
    auto result = static_cast<uint32_t>(index);
    entries_.beside(result).home = static_cast<uint8_t>(part);
    return result;
  }

  const size_t capacity_;
  std::atomic<size_t> used_{0};
  index_pool free_;
  chunked_array<entry, rarely_written, capacity_max, chunk_size> entries_;
};

} // namespace bulwark
