#pragma once

#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace bulwark::detail {

/// A letter and the message that it is about.
struct kept_letter {
  dead_letter letter;

  /// Emptied where the message is not to be kept, or too large for that.
  lost_message message;
};

/// The dead letters of a node, oldest first; beyond its limits the oldest ones
/// are forgotten.
///
/// Confined to one actor.
class dead_letter_store {
public:
  dead_letter_store(size_t letters_max, size_t bytes_max)
    : letters_max_(letters_max), bytes_max_(bytes_max) {}

  /// Letters may come in another order than that of their ids, which two
  /// threads get in one order and post in the other.
  void add(kept_letter what);

  /// Takes a letter out.
  std::optional<kept_letter> take(uint64_t id);

  const kept_letter* find(uint64_t id) const;

  dead_letter_list list(const dead_letters_request& what) const;

  /// Returns how full it is, by letters or bytes, in percent.
  double used_percent() const noexcept;

  void count_forgotten(uint64_t n) noexcept { forgotten_ += n; }

private:
  using letters = std::deque<kept_letter>;

  letters::const_iterator at(uint64_t id) const;
  void forget_oldest();

  size_t letters_max_;
  size_t bytes_max_;
  size_t bytes_ = 0;
  uint64_t forgotten_ = 0;
  letters all_;
};

} // namespace bulwark::detail
