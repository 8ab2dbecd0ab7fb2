#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace bulwark {

/// Messages that have a turn by a rate and are not begun: those that wait for
/// their turn, and those that wait for something else, so that their turn can
/// be given back if they are never begun.
///
/// A message never passes an earlier one of its sender that waits for its turn,
/// unless it has a higher priority: its turn is not before that one's.
///
/// Confined to one thread; a gate guards it with the lock of its line.
class rate_waiters {
public:
  struct message {
    /// Whose order is kept: any number that is the sender's own.
    uint64_t sender = 0;
    call_priority priority = call_priority::normal;

    /// Whose rate it is, in the words of the client.
    std::string tenant;

    /// In the past or unset: it is kept from its turn by its sender's only.
    time_point turn = time_point::min();
  };

  /// Whether a message that arrives is behind others of its sender.
  bool behind(uint64_t sender, call_priority priority) const;

  /// It waits for its turn. Returns when that is.
  time_point wait(pending_id id, message what);

  /// It had its turn, and waits for something else.
  void note(pending_id id, std::string tenant);

  bool waits(pending_id id) const;

  /// Whether its turn has come, and nothing of its sender is before it.
  bool may_pass(pending_id id, time_point now) const;

  /// It waits for something else from now on. @pre `waits(id)`
  void pass(pending_id id);

  /// It is about to be answered, and does not pass any more. @pre `waits(id)`
  void turn_away(pending_id id);

  /// What is left of one that was begun, or never will be.
  struct removed {
    std::string tenant;

    /// Others of its sender may have been waiting for it.
    bool waited = false;
  };

  /// Forgets it; nothing: not known.
  std::optional<removed> remove(pending_id id);

  /// How many wait for their turn.
  size_t waiting() const noexcept { return waiting_; }

  /// Whether somebody's turn has come.
  bool any_due(time_point now) const;

  /// Returns when the next turn after `now` is.
  std::optional<time_point> next_after(time_point now) const;

private:
  struct entry {
    message what;

    /// Its place among those that wait; 0: it does not.
    uint64_t number = 0;
  };

  /// The turns of those that wait, by number; by priority.
  using line = std::array<std::map<uint64_t, time_point>, call_priorities>;

  void leave(entry& who, pending_id id);

  uint64_t numbers_ = 0;
  size_t waiting_ = 0;
  std::unordered_map<uint64_t, entry> all_;
  std::unordered_map<uint64_t, line> lines_;
  std::set<std::pair<time_point, uint64_t>> turns_;
};

} // namespace bulwark
