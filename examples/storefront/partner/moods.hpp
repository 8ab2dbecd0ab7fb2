#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storefront {

/// What a partner does with a request.
enum class mood : uint8_t {
  well,
  /// 500.
  fail,
  /// 503, and asks to be left alone for a second.
  busy,
  /// Answers after half a second.
  slow,
  /// Answers never.
  hang,
  /// Closes the connection in place of an answer.
  cut,
  /// Sends what is no HTTP.
  garbage,
};

/// Reads one mood for each request that is to come, in their order:
/// `well*4,fail,hang`. Nothing: that is not what `text` is.
std::optional<std::vector<mood>> parse_moods(std::string_view text);

/// Returns the name of `which` as written above.
std::string to_string(mood which);

} // namespace storefront
