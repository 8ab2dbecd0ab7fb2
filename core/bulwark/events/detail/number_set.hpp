#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>

namespace bulwark {

/// A set of numbers, from 1, kept as ranges.
///
/// Confined to one actor.
class number_set {
public:
  static constexpr size_t unlimited = std::numeric_limits<size_t>::max();

  explicit number_set(size_t ranges_max = unlimited)
    : ranges_max_(ranges_max) {}

  /// Adds all numbers within [from, to]. Returns false and changes nothing
  /// when that made a range more than `ranges_max`, or when `from` is 0 or
  /// above `to`.
  bool add(uint64_t from, uint64_t to);

  [[nodiscard]] bool contains(uint64_t number) const;

  /// Returns the number up to which all are there, from 1 on; 0: 1 is not.
  [[nodiscard]] uint64_t upto() const;

  /// From each range's first number to its last.
  [[nodiscard]] const std::map<uint64_t, uint64_t>& ranges() const noexcept {
    return ranges_;
  }

private:
  size_t ranges_max_;

  // No two of them touch.
  std::map<uint64_t, uint64_t> ranges_;
};

} // namespace bulwark
