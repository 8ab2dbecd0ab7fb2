#include <bulwark/cluster/detail/line_fields.hpp>
#include <bulwark/cluster/detail/promise_text.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark::detail {

namespace {

constexpr std::string_view promise_format = "bulwark roles 1";
constexpr std::string_view promises_end = "= ";

/// Reads `ROLE TOKEN HOLDER`. The holder is empty where nobody ever asked.
bool read_promise(std::string_view line, lease_promises& result) {
  auto role = take_until(line, ' ');
  auto word = take_until(line, ' ');
  auto token = word ? number_in<uint64_t>(*word) : std::nullopt;
  if (!role || !token || validate_name("role", *role)
      || result.size() == promises_max)
    return false;
  return result
    .emplace(std::string{*role}, lease_promise{*token, std::string{line}})
    .second;
}

} // namespace

std::string promise_lines(const lease_promises& all) {
  std::string result{promise_format};
  result += '\n';
  for (const auto& [role, each] : all)
    result +=
      role + ' ' + std::to_string(each.token) + ' ' + each.holder + '\n';
  result += promises_end;
  return result + std::to_string(all.size()) + '\n';
}

std::optional<lease_promises> parse_promises(std::string_view text) {
  if (take_until(text, '\n') != promise_format)
    return std::nullopt;
  lease_promises result;
  // At most one line more than there may be promises.
  for (size_t i = 0; i <= promises_max; ++i) {
    auto line = take_until(text, '\n');
    if (!line)
      return std::nullopt;
    if (line->starts_with(promises_end)) {
      line->remove_prefix(promises_end.size());
      if (number_in<uint64_t>(*line) != result.size() || !text.empty())
        return std::nullopt;
      return result;
    }
    if (!read_promise(*line, result))
      return std::nullopt;
  }
  return std::nullopt;
}

} // namespace bulwark::detail
