#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulwark {

/// Which numbers of one origin were seen: all up to the highest, but for a
/// bounded set of holes. Beyond `holes_max` the lowest hole is closed: its
/// numbers count as missing for good, and are taken for repetitions.
///
/// Confined to one actor.
class sequence_set {
public:
  /// Numbers from `from` to `to`, both missing.
  struct hole {
    uint64_t from = 0;
    uint64_t to = 0;

    friend bool operator==(const hole&, const hole&) = default;
  };

  static constexpr size_t holes_max = 16'384;

  /// Returns whether `number` is new, and remembers it.
  /// @pre `number` is at least 1
  bool add(uint64_t number) {
    if (number == highest_ + 1) {
      highest_ = number;
      return true;
    }
    return add_out_of_turn(number);
  }

  /// Takes all numbers from `from` to `to` for seen, without effect on whether
  /// others are new. @pre `from` is at least 1, and at most `to`
  void fill(uint64_t from, uint64_t to);

  [[nodiscard]] uint64_t highest() const noexcept { return highest_; }

  /// In rising order.
  [[nodiscard]] const std::vector<hole>& holes() const noexcept {
    return holes_;
  }

  /// How many holes were closed.
  [[nodiscard]] uint64_t closed() const noexcept { return closed_; }

private:
  bool add_out_of_turn(uint64_t number);

  uint64_t highest_ = 0;
  uint64_t closed_ = 0;
  std::vector<hole> holes_;
};

} // namespace bulwark
