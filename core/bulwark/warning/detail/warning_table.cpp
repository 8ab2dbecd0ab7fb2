#include <bulwark/warning/detail/warning_table.hpp>

namespace bulwark {

std::optional<warning_notice> warning_table::raise(warning what) {
  situation key{what.kind, what.subject};
  if (situations_.contains(key) || situations_.size() >= situations_max)
    return std::nullopt;
  ++score_.raised;
  situations_.emplace(std::move(key), what);
  return warning_notice{std::move(what)};
}

warning_notice warning_table::settle(std::optional<warning>& open,
                                     warning_verdict verdict) {
  ++(verdict == warning_verdict::hit ? score_.hits : score_.false_alarms);
  warning_notice result{std::move(*open), verdict};
  open.reset();
  return result;
}

std::optional<warning_notice>
warning_table::come_true(warning_kind kind, const std::string& subject) {
  auto known = situations_.find({kind, subject});
  if (known != situations_.end() && known->second)
    return settle(known->second, warning_verdict::hit);
  ++score_.missed;
  return std::nullopt;
}

std::optional<warning_notice>
warning_table::call_off(warning_kind kind, const std::string& subject) {
  auto known = situations_.find({kind, subject});
  if (known == situations_.end() || !known->second)
    return std::nullopt;
  return settle(known->second, warning_verdict::false_alarm);
}

void warning_table::over(warning_kind kind, const std::string& subject) {
  auto known = situations_.find({kind, subject});
  if (known != situations_.end() && !known->second)
    situations_.erase(known);
}

std::vector<warning_notice> warning_table::expire(time_point now) {
  std::vector<warning_notice> result;
  for (auto& [key, each] : situations_)
    if (each && now > each->expires)
      result.push_back(settle(each, warning_verdict::false_alarm));
  return result;
}

const warning* warning_table::find(warning_kind kind,
                                   const std::string& subject) const {
  auto known = situations_.find({kind, subject});
  return known != situations_.end() && known->second ? &*known->second
                                                     : nullptr;
}

std::vector<warning> warning_table::open() const {
  std::vector<warning> result;
  for (const auto& [key, each] : situations_)
    if (each)
      result.push_back(*each);
  return result;
}

} // namespace bulwark
