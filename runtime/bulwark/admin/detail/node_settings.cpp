#include <bulwark/admin/detail/node_settings.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

void add_bulkhead(std::vector<setting>& to, const bulkhead_stats& of) {
  // Its limits are those of the processors.
  if (of.kind == bulkhead_kind::cpu_quota)
    return;
  auto door = of.draining ? "draining" : to_string(of.isolation);
  to.push_back({setting_kind::bulkhead_isolation, of.name, door});
  to.push_back({setting_kind::bulkhead_capacity, of.name,
                std::to_string(of.max_capacity)});
  to.push_back({setting_kind::bulkhead_reserve, of.name,
                std::to_string(of.reserved_for_critical)});
}

} // namespace

std::string word_of(log_level level) {
  switch (level) {
  case log_level::info:
    return "info";
  case log_level::warn:
    return "warn";
  case log_level::error:
    return "error";
  case log_level::crit:
    return "crit";
  }
  return "log_level(" + std::to_string(static_cast<int>(level)) + ")";
}

std::vector<setting> settings_of(const control_means& means) {
  std::vector<setting> result{
    {setting_kind::log_level, "", word_of(means.log_level())},
    {setting_kind::bulkhead_monitoring, "",
     means.bulkheads.monitoring_enabled() ? "on" : "off"}};
  for (const auto& each : means.bulkheads.stats())
    add_bulkhead(result, each);
  for (const auto& each : means.services()) {
    if (each.replicas > 0)
      result.push_back({setting_kind::service_replicas, each.service,
                        std::to_string(each.replicas)});
    if (auto breaker = means.breaker(each.service))
      result.push_back({setting_kind::breaker_state, each.service,
                        to_string(breaker->state())});
  }
  std::sort(result.begin(), result.end(),
            [](const setting& one, const setting& other) {
              return field_of(one) < field_of(other);
            });
  return result;
}

const setting& setting_of(const std::vector<setting>& all,
                          const std::string& field) {
  return *std::find_if(all.begin(), all.end(), [&](const setting& each) {
    return field_of(each) == field;
  });
}

std::string value_of(const std::vector<setting>& all,
                     const std::string& field) {
  for (const auto& each : all)
    if (field_of(each) == field)
      return each.value;
  return "";
}

} // namespace bulwark::detail
