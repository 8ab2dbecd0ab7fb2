#include <bulwark/text/detail/nearest_name.hpp>

#include <algorithm>
#include <numeric>

namespace bulwark {

size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the table of distances between beginnings of both.
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> now(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      auto differ = static_cast<size_t>(a[i - 1] != b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + differ});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::string nearest_name(std::string_view name,
                         const std::vector<std::string>& names) {
  auto most = std::max<size_t>(name.size() / 3, 1);
  std::string result;
  for (const auto& each : names) {
    auto longer = std::max(each.size(), name.size());
    if (longer - std::min(each.size(), name.size()) > most)
      continue;
    auto distance = edit_distance(name, each);
    if (distance > most)
      continue;
    if (distance == 0)
      return each;
    result = each;
    most = distance - 1;
  }
  return result;
}

} // namespace bulwark
