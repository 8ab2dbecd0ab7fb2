#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace bulwark::detail {

/// Takes what stands before the next `end`, which must be there.
inline std::optional<std::string_view> take_until(std::string_view& from,
                                                  char end) {
  auto at = from.find(end);
  if (at == std::string_view::npos)
    return std::nullopt;
  auto result = from.substr(0, at);
  from.remove_prefix(at + 1);
  return result;
}

/// Returns the number that is all of `text`, or nothing.
template <class T>
std::optional<T> number_in(std::string_view text) {
  T result = 0;
  auto end = text.data() + text.size();
  auto [at, failure] = std::from_chars(text.data(), end, result);
  if (failure != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

} // namespace bulwark::detail
