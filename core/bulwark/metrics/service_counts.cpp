#include <bulwark/metrics/service_counts.hpp>

#include <string_view>

namespace bulwark {

namespace {

constexpr std::string_view root_of_services{"/root/"};

} // namespace

std::map<std::string, service_counts>
counts_by_service(const std::vector<component_counts>& all,
                  const std::string& node) {
  std::map<std::string, service_counts> result;
  for (const auto& each : all) {
    std::string_view path{each.component};
    if (each.node != node || !path.starts_with(root_of_services))
      continue;
    path.remove_prefix(root_of_services.size());
    auto name = path.substr(0, path.find('/'));
    auto& sums = result[std::string{name}];
    if (name == path) {
      sums.failures += each.failures;
      sums.recoveries += each.recoveries;
    } else {
      sums.replica_failures += each.failures;
      sums.replica_restarts += each.recoveries;
    }
  }
  return result;
}

} // namespace bulwark
