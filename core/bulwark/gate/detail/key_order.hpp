#pragma once

#include <bulwark/gate/detail/pending_word.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace bulwark {

/// Keeps the messages of one key in order, although several replicas work: as
/// long as one of them has work of a key, all of that key goes to it, and
/// while something of the key waits, what arrives waits behind it.
///
/// A message is named by its entry in the pending table; there are never more
/// of them here than there.
///
///     arrive -> send_out ----------------> out --left-->
///           '-> wait -> go -> gone --------^  '-- back --> waiting
///
/// Confined to one thread; a gate guards it with the lock of its line.
class key_order {
public:
  /// Two texts with one hash share their order.
  static uint64_t hash(std::string_view key) noexcept;

  /// Where a message may go.
  struct place {
    /// Others of its key wait: behind them.
    bool behind_others = false;

    /// The only slot that it may go to; nothing: any.
    std::optional<uint8_t> slot;
  };

  /// A message with that key arrived.
  void arrive(pending_id id, uint64_t key);

  place place_of(pending_id id) const;

  /// Nothing for an unknown one.
  std::optional<uint64_t> key_of(pending_id id) const;

  /// It goes to that slot, as `place_of` allows.
  void send_out(pending_id id, uint8_t slot);

  /// It waits.
  void wait(pending_id id);

  /// Returns whether a message that waits may go to that slot; then it goes,
  /// and what arrives still waits behind it until `gone`.
  bool go(pending_id id, uint8_t slot);
  void gone(pending_id id);

  /// It came back unhandled, or could not go, and waits again.
  void back(pending_id id);

  /// It was answered or given up. Returns whether others of its key that wait
  /// may go to any slot now. Does nothing for an unknown one.
  bool left(pending_id id);

  bool empty() const noexcept { return messages_.empty(); }

private:
  enum class phase : uint8_t { arrived, waiting, going, out };

  struct message {
    uint64_t key = 0;
    phase now = phase::arrived;
  };

  /// One key in use.
  struct line {
    size_t known = 0;
    size_t waiting = 0;
    size_t out = 0;
    uint8_t slot = 0;
  };

  void enter(message& what, phase next);

  std::unordered_map<uint64_t, message> messages_;
  std::unordered_map<uint64_t, line> lines_;
};

} // namespace bulwark
