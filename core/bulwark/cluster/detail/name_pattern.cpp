#include <bulwark/cluster/detail/name_pattern.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr size_t pattern_max = 64;

bool may_stand_in_pattern(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*'
         || c == '?';
}

} // namespace

std::optional<std::string> check_name_pattern(std::string_view pattern) {
  if (!pattern.empty() && pattern.size() <= pattern_max
      && std::all_of(pattern.begin(), pattern.end(), may_stand_in_pattern))
    return std::nullopt;
  return "it must be 1 to " + std::to_string(pattern_max)
         + " letters, digits, _, -, * and ?, such as shop-*";
}

// Goes back to the last `*` alone, so that the time is the product of the two
// lengths at most.
bool fits_pattern(std::string_view pattern, std::string_view name) noexcept {
  size_t p = 0;
  size_t n = 0;
  auto star = std::string_view::npos;
  size_t taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size()
               && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace bulwark::detail
