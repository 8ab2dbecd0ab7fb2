#include <bulwark/cluster/detail/voter_list.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>

namespace bulwark::detail {

std::optional<std::string>
check_voters(const std::vector<std::string>& voters) {
  if (voters.size() % 2 == 0 || voters.size() > voters_max)
    return "it must name 1, 3, 5 or 7 nodes, not "
           + std::to_string(voters.size());
  for (const auto& name : voters)
    if (auto complaint = validate_name("the name of a voter", name))
      return complaint;
  auto sorted = voters;
  std::sort(sorted.begin(), sorted.end());
  auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    return "it must name " + *twice + " once";
  return std::nullopt;
}

std::string voters_text(const std::vector<std::string>& voters) {
  if (voters.empty())
    return "none";
  if (voters.size() > voters_max)
    return std::to_string(voters.size()) + " nodes";
  std::string result;
  for (const auto& name : voters)
    result += (result.empty() ? "" : ",") + name;
  return result;
}

} // namespace bulwark::detail
