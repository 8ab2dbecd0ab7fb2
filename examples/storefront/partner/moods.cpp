#include "partner/moods.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace storefront {

namespace {

constexpr size_t requests_max = 10'000;

constexpr std::array<std::string_view, 7> names{
  "well", "fail", "busy", "slow", "hang", "cut", "garbage"};

std::optional<mood> parse_mood(std::string_view name) {
  auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    return std::nullopt;
  return static_cast<mood>(at - names.begin());
}

/// Adds "fail*3" or "fail".
bool add_moods(std::string_view text, std::vector<mood>& to) {
  auto star = text.find('*');
  auto which = parse_mood(text.substr(0, star));
  size_t times = 1;
  if (star != std::string_view::npos) {
    const auto* end = text.data() + text.size();
    auto [last, failure] = std::from_chars(text.data() + star + 1, end, times);
    if (failure != std::errc{} || last != end)
      return false;
  }
  if (!which || times > requests_max - to.size())
    return false;
  to.insert(to.end(), times, *which);
  return true;
}

} // namespace

std::optional<std::vector<mood>> parse_moods(std::string_view text) {
  std::vector<mood> result;
  while (!text.empty()) {
    auto comma = text.find(',');
    if (!add_moods(text.substr(0, comma), result))
      return std::nullopt;
    text.remove_prefix(comma == std::string_view::npos ? text.size()
                                                       : comma + 1);
  }
  return result;
}

std::string to_string(mood which) {
  return std::string{names[static_cast<size_t>(which)]};
}

} // namespace storefront
