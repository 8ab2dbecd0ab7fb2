#include <bulwark/config_error.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/options/policy_fields.hpp>
#include <bulwark/options/policy_overrides.hpp>
#include <bulwark/validate.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace bulwark {

namespace {

constexpr std::string_view service_prefix = "service.";

constexpr std::array<std::string_view, 4> prefixes{service_prefix, "restart.",
                                                   "supervisor.", "gate."};

/// The service, empty for all, and the field.
std::pair<std::string, std::string> split(std::string_view key) {
  if (!key.starts_with(service_prefix))
    return {"", std::string{key}};
  key.remove_prefix(service_prefix.size());
  auto dot = key.find('.');
  if (dot == std::string_view::npos)
    return {std::string{key}, ""};
  return {std::string{key.substr(0, dot)}, std::string{key.substr(dot + 1)}};
}

std::string listed(const std::set<std::string>& names) {
  std::string result;
  for (const auto& name : names) {
    if (!result.empty())
      result += ", ";
    result += name;
  }
  return result.empty() ? "none" : result;
}

} // namespace

bool policy_overrides::is_key(std::string_view key) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](auto prefix) { return key.starts_with(prefix); });
}

void policy_overrides::add(override_source source, const std::string& key,
                           const std::string& value, const std::string& shown) {
  auto [service, field] = split(key);
  auto common = !key.starts_with(service_prefix);
  if (!common)
    if (auto complaint = validate_name("service name", service))
      throw config_error{shown + ": " + *complaint};
  if (common ? !is_common_field(field) : !is_policy_field(field))
    throw config_error{"unknown option " + shown + "; see --help"};
  service_settings scratch;
  if (auto rule = set_policy_field(scratch, field, value))
    throw config_error{shown + " is " + bulwark::quoted(value) + "; " + *rule};
  auto same = [&, &s = service, &f = field](const entry& other) {
    return other.source == source && other.service == s && other.field == f;
  };
  if (std::any_of(entries_.begin(), entries_.end(), same))
    throw config_error{shown + " is given more than once"};
  entries_.push_back({source, service, field, value, shown});
}

void policy_overrides::apply(const std::string& service,
                             service_settings& settings) const {
  for (auto source : {override_source::file, override_source::command_line})
    for (const auto& who : {std::string{}, service})
      for (const auto& each : entries_)
        if (each.source == source && each.service == who)
          static_cast<void>(set_policy_field(settings, each.field, each.value));
}

void policy_overrides::check_services(
  const std::set<std::string>& known) const {
  for (const auto& each : entries_)
    if (!each.service.empty() && known.count(each.service) == 0)
      throw config_error{each.shown
                         + " names no service; known here: " + listed(known)};
}

} // namespace bulwark
