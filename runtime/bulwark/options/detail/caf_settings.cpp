#include <bulwark/options/detail/caf_settings.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace bulwark::detail {

namespace {

/// What a node depends on, and what would end the process or do nothing.
constexpr std::array<std::string_view, 10> not_to_be_set{
  "middleman.app-identifier",
  "middleman.app-identifiers",
  "middleman.attach-utility-actors",
  "middleman.connection-timeout",
  "middleman.enable-automatic-connections",
  "middleman.heartbeat-interval",
  "middleman.manual-multiplexing",
  "middleman.network-backend",
  "opencl.device-ids",
  "scheduler.policy",
};

/// Returns what CAF calls a value of that type, in words.
std::string described(const std::string& type) {
  if (type == "uint64")
    return "a whole number";
  if (type == "timespan")
    return "a whole number and a unit, such as 250ms";
  return type == "boolean" ? "true or false" : "a value of type " + type;
}

/// Returns the rule that a value of that option breaks.
std::optional<std::string> broken_rule_of(const std::string& name,
                                          const caf::config_value& value) {
  using caf::get_if;
  if (const auto* count = get_if<int64_t>(&value)) {
    auto most = name == "scheduler.max-threads" ? caf_settings::threads_max
                                                : caf_settings::count_max;
    if (*count < 1 || *count > most)
      return "it must be at least 1 and at most " + std::to_string(most);
  }
  if (const auto* length = get_if<caf::timespan>(&value))
    if (auto complaint = option_checks::not_negative("", *length))
      return complaint->substr(complaint->find("it must be"));
  return std::nullopt;
}

} // namespace

std::vector<std::string> caf_settings::names() const {
  std::vector<std::string> result;
  for (const auto& each : custom_options_) {
    auto category = each.category();
    auto name = std::string{category.begin(), category.end()} + "."
                + std::string{each.long_name().begin(), each.long_name().end()};
    auto ours = std::find(not_to_be_set.begin(), not_to_be_set.end(), name)
                != not_to_be_set.end();
    if (category != "global" && !ours)
      result.push_back(std::move(name));
  }
  return result;
}

std::optional<std::string> caf_settings::set_text(const std::string& name,
                                                  const std::string& text) {
  const auto* option = custom_options_.qualified_name_lookup(name);
  auto value = option->is_flag() && text == "false"
                 ? caf::expected<caf::config_value>{caf::config_value{false}}
                 : option->parse(text);
  if (!value) {
    auto type = option->type_name();
    return "it must be " + described({type.begin(), type.end()});
  }
  if (auto rule = broken_rule_of(name, *value))
    return rule;
  option->store(*value);
  set(name, *value);
  return std::nullopt;
}

} // namespace bulwark::detail
