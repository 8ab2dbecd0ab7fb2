#include <bulwark/admin/detail/ledger_figures.hpp>

#include <nlohmann/json.hpp>

#include <string_view>

namespace bulwark::detail {

namespace {

using nlohmann::json;

constexpr std::string_view cluster_service{"service/"};

double share_of(const json& component, const char* key) {
  return component.at(key).get<double>() / 100;
}

figures_by_service figures_in(const json& report) {
  figures_by_service result;
  for (const auto& [id, each] : report.at("component_analysis").items())
    if (id.starts_with(cluster_service))
      result[id.substr(cluster_service.size())] = {
        share_of(each, "availability_1h"),
        share_of(each, "availability_24h"),
        share_of(each, "availability_30d"),
        std::nullopt,
        {}};
  for (const auto& each : report.at("budgets")) {
    auto id = each.at("component").get<std::string>();
    if (!id.starts_with(cluster_service))
      continue;
    auto known = result.find(id.substr(cluster_service.size()));
    if (known == result.end())
      continue;
    known->second.budget_left = each.at("left_share").get<double>();
    for (const auto& [rule, rates] : each.at("burn").items())
      known->second.burns[rule] = rates.at("long_rate").get<double>();
  }
  return result;
}

} // namespace

figures_by_service read_ledger_figures(const std::string& report) {
  try {
    return figures_in(json::parse(report));
  } catch (const json::exception&) {
    return {};
  }
}

} // namespace bulwark::detail
