#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bulwark {

/// What stands where a name has no number.
inline constexpr uint32_t no_number = UINT32_MAX;

/// Numbers for names, from 0, in the order in which they came.
///
/// Confined to one actor.
class name_table {
public:
  /// Returns the number of `name`; gives it one if it is new and fewer than
  /// `max` are known, else returns `no_number`.
  uint32_t add(std::string_view name, size_t max = no_number) {
    if (auto known = find(name); known != no_number)
      return known;
    if (names_.size() >= max)
      return no_number;
    auto number = static_cast<uint32_t>(names_.size());
    // A deque does not move its strings, which the keys look at.
    numbers_.emplace(names_.emplace_back(name), number);
    return number;
  }

  [[nodiscard]] uint32_t find(std::string_view name) const {
    auto known = numbers_.find(name);
    return known == numbers_.end() ? no_number : known->second;
  }

  [[nodiscard]] const std::string& operator[](uint32_t number) const {
    return names_[number];
  }

  [[nodiscard]] size_t size() const noexcept { return names_.size(); }

private:
  std::deque<std::string> names_;
  std::unordered_map<std::string_view, uint32_t> numbers_;
};

} // namespace bulwark
