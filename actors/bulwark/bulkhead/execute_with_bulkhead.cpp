#include <bulwark/bulkhead/execute_with_bulkhead.hpp>

namespace bulwark {

std::string to_string(execution_status status) {
  constexpr const char* names[] = {"success", "resource_exhausted",
                                   "service_error"};
  return names[static_cast<size_t>(status)];
}

bool detail::find_bulkheads(const bulkhead_manager& manager,
                            const std::string& service, std::string& names,
                            caf::error& why) {
  for (const auto& each : manager.bulkheads_of(service))
    names += (names.empty() ? "" : ", ") + each;
  if (names.empty())
    why = make_error(errc::invalid_option,
                     "service is " + bulwark::quoted(service)
                       + "; it must be assigned to a bulkhead");
  return !names.empty();
}

bool detail::is_exhausted(const caf::error& why, double& utilization) {
  if (auto refusal = refusal_of(why)) {
    utilization = refusal->utilization;
    return true;
  }
  return code_of(why, errc{}) == errc::rate_limited;
}

} // namespace bulwark
