#include <bulwark/failure_rule.hpp>

#include <algorithm>

namespace bulwark {

namespace {

bool fits(std::string_view cause, std::string_view reason) {
  if (!reason.starts_with(cause))
    return false;
  auto rest = reason.substr(cause.size());
  return cause.empty() || rest.empty() || rest.starts_with(": ");
}

} // namespace

const failure_rule* find_rule(const std::vector<failure_rule>& rules,
                              std::string_view reason) {
  auto it = std::find_if(rules.begin(), rules.end(), [=](const auto& each) {
    return fits(each.cause, reason);
  });
  return it == rules.end() ? nullptr : &*it;
}

bool may_resume(const std::vector<failure_rule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const auto& each) {
    return each.then == failure_directive::resume;
  });
}

} // namespace bulwark
