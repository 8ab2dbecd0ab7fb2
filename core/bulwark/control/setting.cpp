#include <bulwark/control/setting.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/nearest_name.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

namespace bulwark {

namespace {

/// A longer name of a field is not repeated.
constexpr size_t field_told_max = 100;

bool is_one_of(std::string_view value,
               std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), value) != words.end();
}

/// Written in one way only, so that equal values are equal texts.
bool is_plain_number(const std::string& text) {
  uint64_t number = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end
         && std::to_string(number) == text;
}

bool fits_rule(setting_kind kind, const std::string& value) {
  switch (kind) {
  case setting_kind::log_level:
    return is_one_of(value, {"info", "warn", "error", "crit"});
  case setting_kind::bulkhead_monitoring:
    return is_one_of(value, {"on", "off"});
  case setting_kind::bulkhead_isolation:
    return is_one_of(value,
                     {"none", "background", "normal", "all", "draining"});
  case setting_kind::bulkhead_capacity:
  case setting_kind::service_replicas:
    return is_plain_number(value) && value != "0";
  case setting_kind::bulkhead_reserve:
    return is_plain_number(value);
  case setting_kind::breaker_state:
    return is_one_of(value,
                     {"closed", "forced_open", "disabled", "metrics_only"});
  }
  return false;
}

std::string no_such_field(const std::vector<setting>& all, std::string field) {
  std::vector<std::string> names;
  for (const auto& each : all)
    names.push_back(field_of(each));
  cut_text(field, field_told_max);
  auto result = "there is no field " + bulwark::quoted(field);
  if (auto nearest = nearest_name(field, names); !nearest.empty())
    return result + "; did you mean " + nearest + "?";
  return result + "; bulwark get lists those that there are";
}

} // namespace

std::string field_of(const setting& what) {
  switch (what.kind) {
  case setting_kind::log_level:
    return "log.level";
  case setting_kind::bulkhead_monitoring:
    return "bulkheads.monitoring";
  case setting_kind::bulkhead_isolation:
    return "bulkhead." + what.subject + ".isolation";
  case setting_kind::bulkhead_capacity:
    return "bulkhead." + what.subject + ".capacity";
  case setting_kind::bulkhead_reserve:
    return "bulkhead." + what.subject + ".reserved_for_critical";
  case setting_kind::breaker_state:
    return "breaker." + what.subject + ".state";
  case setting_kind::service_replicas:
    return "service." + what.subject + ".replicas";
  }
  return "setting_kind(" + std::to_string(static_cast<int>(what.kind)) + ")";
}

std::string_view rule_of(setting_kind kind) noexcept {
  switch (kind) {
  case setting_kind::log_level:
    return "info, warn, error or crit";
  case setting_kind::bulkhead_monitoring:
    return "on or off";
  case setting_kind::bulkhead_isolation:
    return "none, background, normal, all or draining";
  case setting_kind::bulkhead_capacity:
    return "a whole number above reserved_for_critical";
  case setting_kind::bulkhead_reserve:
    return "a whole number below capacity";
  case setting_kind::breaker_state:
    return "closed, forced_open, disabled or metrics_only";
  case setting_kind::service_replicas:
    return "a whole number, at least min_healthy and at most 64";
  }
  return "";
}

std::optional<std::string> check_value(const setting& what,
                                       const std::string& value) {
  if (fits_rule(what.kind, value))
    return std::nullopt;
  auto told = value;
  cut_text(told, field_told_max);
  return option_checks::said(field_of(what), bulwark::quoted(told),
                             rule_of(what.kind));
}

std::variant<std::vector<field_change>, std::string>
plan_changes(const std::vector<setting>& all, const wanted_values& wanted) {
  if (wanted.empty())
    return "no field is given; at least one must be";
  if (wanted.size() > changed_fields_max)
    return std::to_string(wanted.size())
           + " fields are given; there must be at most "
           + std::to_string(changed_fields_max);
  std::vector<field_change> result;
  for (const auto& each : wanted) {
    const auto& field = each.first;
    const auto& value = each.second;
    auto known = std::find_if(all.begin(), all.end(), [&](const setting& x) {
      return field_of(x) == field;
    });
    if (known == all.end())
      return no_such_field(all, field);
    auto same = [&](const field_change& x) { return x.field == field; };
    if (std::any_of(result.begin(), result.end(), same))
      return field + " is given twice";
    if (auto wrong = check_value(*known, value))
      return *wrong;
    result.push_back({field, known->value, value});
  }
  return result;
}

} // namespace bulwark
