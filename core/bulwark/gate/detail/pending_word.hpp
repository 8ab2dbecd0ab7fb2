#pragma once

#include <cstdint>

namespace bulwark {

/// Who works on a request: a slot of the gate and the incarnation that sat
/// there when the request was handed over. Incarnations are kept modulo 2^16:
/// the death of one clears its entries, so no two live ones look alike.
struct pending_owner {
  uint8_t slot = 0;
  uint16_t incarnation = 0;

  friend bool operator==(pending_owner, pending_owner) = default;
};

/// Life of an entry of the pending table.
enum class pending_state : uint8_t {
  /// Not in use, or being filled in by the one who took it off the free list.
  free,
  /// Handed to its owner; nobody has answered the client.
  active,
  /// Waits at the gate for a replica; nobody has answered the client.
  waiting,
  /// The deadline passed; the one who saw it answers the client now.
  answering,
  /// The client has its answer, the work has not come back yet.
  abandoned,
  /// The work came back while the state was `answering`.
  returned,
  /// Somebody won the entry and is about to free it.
  taken,
};

/// What became of an entry whose work came back, or was given up.
enum class pending_outcome : uint8_t {
  /// Stale, or somebody else won. Nothing to do.
  nothing,
  /// The client waits for its answer: give it, then release the entry.
  unanswered,
  /// The client has its answer already: only release the entry.
  late,
};

/// Returns the state that follows; `free` where the work is not out.
constexpr pending_state after_return(pending_state now) noexcept {
  switch (now) {
  case pending_state::active:
  case pending_state::waiting:
  case pending_state::abandoned:
    return pending_state::taken;
  case pending_state::answering:
    return pending_state::returned;
  default:
    return pending_state::free;
  }
}

/// @pre `after_return(before)` is not `free`
constexpr pending_outcome outcome_of(pending_state before) noexcept {
  switch (before) {
  case pending_state::abandoned:
    return pending_outcome::late;
  case pending_state::answering:
    return pending_outcome::nothing;
  default:
    return pending_outcome::unanswered;
  }
}

/// Name of one use of one entry: index and generation. A name that was used
/// up never matches again: 36 bits of generation last for hours at full rate,
/// where 24 bits would wrap within seconds.
struct pending_id {
  static constexpr unsigned index_bits = 20;
  static constexpr unsigned generation_bits = 36;
  static constexpr uint64_t index_mask = (uint64_t{1} << index_bits) - 1;
  static constexpr uint64_t generation_mask =
    (uint64_t{1} << generation_bits) - 1;

  uint64_t value = 0;

  static constexpr pending_id make(uint32_t index, uint64_t generation) {
    return {(generation & generation_mask) << index_bits | index};
  }

  constexpr uint32_t index() const noexcept {
    return static_cast<uint32_t>(value & index_mask);
  }

  constexpr uint64_t generation() const noexcept {
    return (value >> index_bits) & generation_mask;
  }

  friend bool operator==(pending_id, pending_id) = default;
};

/// The one atomic word of an entry: generation, owner and state change
/// together or not at all, so that of a reply, a deadline and a death exactly
/// one wins.
struct pending_word {
  uint64_t generation = 0;
  pending_owner owner;
  pending_state state = pending_state::free;

  constexpr uint64_t pack() const noexcept {
    return generation << 28 | uint64_t{owner.incarnation} << 12
           | uint64_t{owner.slot} << 4 | static_cast<uint64_t>(state);
  }

  static constexpr pending_word unpack(uint64_t bits) noexcept {
    return {
      bits >> 28,
      {static_cast<uint8_t>(bits >> 4), static_cast<uint16_t>(bits >> 12)},
      static_cast<pending_state>(bits & 0xf)};
  }

  constexpr pending_word with(pending_state next) const noexcept {
    return {generation, owner, next};
  }
};

} // namespace bulwark
