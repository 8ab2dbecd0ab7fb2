#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bulwark {

/// A line of text that is put together without the heap, so that a signal
/// handler can do it. What does not fit is left out.
///
/// Confined to one thread.
class plain_line {
public:
  static constexpr size_t size_max = 1024;

  /// Adds a text; control characters in it become '?'.
  plain_line& operator<<(std::string_view text) noexcept;

  plain_line& operator<<(uint64_t number) noexcept;

  /// Adds a type by its mangled name: `N4shop5orderE` as `shop::order`. What
  /// is more than a name in namespaces and classes is added as it is.
  plain_line& add_type(std::string_view mangled) noexcept;

  void clear() noexcept { size_ = 0; }

  std::string_view text() const noexcept { return {text_.data(), size_}; }

private:
  bool add_names(std::string_view mangled) noexcept;

  std::array<char, size_max> text_{};
  size_t size_ = 0;
};

} // namespace bulwark
