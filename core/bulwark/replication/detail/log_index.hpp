#pragma once

#include <bulwark/replication/log_position.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace bulwark::detail {

/// The positions of the entries that a member keeps, and of the one before
/// them. It keeps at most `kept_max` and forgets the oldest.
///
/// Confined to one thread.
class log_index {
public:
  /// @pre kept_max > 0
  explicit log_index(size_t kept_max, const log_position& base = {})
    : kept_max_(kept_max), base_(base) {}

  /// The one before the first that is kept.
  const log_position& base() const noexcept { return base_; }

  const log_position& last() const noexcept {
    return kept_.empty() ? base_ : kept_.back();
  }

  /// Returns what stands there, from `base` to `last`.
  std::optional<log_position> at(uint64_t sequence) const noexcept;

  /// Whether that very entry, and so all before it, is here.
  bool holds(const log_position& where) const noexcept {
    return at(where.sequence) == where;
  }

  /// Returns the last one of that epoch or an earlier one, if it is known.
  std::optional<log_position> last_of_epoch(uint64_t epoch) const noexcept;

  /// Returns what `base` is once the last entry is that one.
  /// @pre base().sequence < sequence <= last().sequence + 1
  log_position base_with(uint64_t sequence) const noexcept;

  /// @pre where.sequence == last().sequence + 1
  void append(const log_position& where);

  /// Drops what comes after. @pre base().sequence <= sequence
  void cut(uint64_t sequence);

  /// Nothing but what was sent as a whole.
  void reset(const log_position& base);

private:
  size_t kept_max_;
  log_position base_;
  std::deque<log_position> kept_;
};

} // namespace bulwark::detail
