#include <bulwark/admin/detail/admin_query.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace bulwark::detail {

namespace {

using maybe_words = std::optional<std::string>;

/// Returns what is wrong with the keys: one that is not known, that comes
/// twice, or whose value cannot be decoded.
maybe_words check_keys(std::string_view query,
                       std::span<const std::string_view> known) {
  std::string seen;
  std::string all;
  for (auto each : known)
    all += (all.empty() ? "" : " or ") + std::string{each};
  while (!query.empty()) {
    auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    std::string key{pair.substr(0, pair.find('='))};
    if (std::find(known.begin(), known.end(), key) == known.end())
      return "there is no key " + bulwark::quoted(key) + "; it must be " + all;
    if (seen.find('&' + key + '&') != std::string::npos)
      return key + " is given twice";
    if (!query_value(pair, key))
      return key + " is not percent-encoded as it must be";
    seen += '&' + key + '&';
  }
  return std::nullopt;
}

std::string query_complaint(std::string_view key, const std::string& value,
                            std::string_view rule) {
  return option_checks::said(key, bulwark::quoted(value), rule);
}

/// Reads a whole number, where it is given; returns what is wrong with it.
maybe_words read_count(std::string_view query, std::string_view key,
                       uint64_t least, uint64_t most, uint64_t& into) {
  auto text = query_value(query, key);
  if (!text)
    return std::nullopt;
  auto end = text->data() + text->size();
  auto read = std::from_chars(text->data(), end, into);
  if (read.ec == std::errc{} && read.ptr == end && into >= least
      && into <= most)
    return std::nullopt;
  return query_complaint(key, *text,
                         "a whole number from " + std::to_string(least) + " to "
                           + std::to_string(most));
}

} // namespace

std::variant<recent_events_request, bad_query>
events_request_of(std::string_view query) {
  static constexpr std::array<std::string_view, 2> known{"max", "node"};
  if (auto wrong = check_keys(query, known))
    return bad_query{*wrong};
  recent_events_request result;
  if (auto wrong = read_count(query, "max", 1, admin_events_max, result.max))
    return bad_query{*wrong};
  if (auto node = query_value(query, "node")) {
    if (auto wrong = validate_name("node", *node))
      return bad_query{*wrong};
    result.node = *node;
  }
  return result;
}

std::variant<fault_tolerance_report_request, bad_query>
report_request_of(std::string_view query) {
  static constexpr std::array<std::string_view, 2> known{"window", "component"};
  if (auto wrong = check_keys(query, known))
    return bad_query{*wrong};
  fault_tolerance_report_request result;
  result.format = "json";
  if (auto text = query_value(query, "window")) {
    auto length = parse_duration(*text);
    if (!length)
      return bad_query{"window is " + bulwark::quoted(*text) + "; "
                       + std::string{duration_rule}};
    if (auto wrong = option_checks::positive("window", *length))
      return bad_query{*wrong};
    result.window = *length;
  }
  if (auto component = query_value(query, "component"))
    result.component = *component;
  return result;
}

std::variant<children_query, bad_query>
children_query_of(std::string_view query) {
  static constexpr std::array<std::string_view, 4> known{"service", "node",
                                                         "from", "max"};
  if (auto wrong = check_keys(query, known))
    return bad_query{*wrong};
  children_query result;
  if (auto wrong = read_count(query, "from", 0, children_query::from_max,
                              result.which.from))
    return bad_query{*wrong};
  if (auto wrong = read_count(query, "max", 1, children_query::listed_max,
                              result.which.max))
    return bad_query{*wrong};
  for (auto [key, into] :
       {std::pair{"service", &result.service}, std::pair{"node", &result.node}})
    if (auto name = query_value(query, key)) {
      if (auto wrong = validate_name(key, *name))
        return bad_query{*wrong};
      *into = *name;
    }
  return result;
}

} // namespace bulwark::detail
