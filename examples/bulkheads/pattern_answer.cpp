#include "pattern_answer.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <algorithm>

namespace compartments {

const bulwark::resource_amounts resource_requirements{
  {"web_threads", 10}, {"db_connections", 5}, {"cache_memory", 100}};

resource_map resources_of(const bulwark::bulkhead_manager& manager,
                          const std::string& service) {
  auto allocated = manager.allocation_of(service);
  resource_map result;
  for (const auto& [name, amount] : resource_requirements)
    result[name] = allocated[name] >= amount;
  return result;
}

std::optional<pattern_answer>
refuse_unallocated(const bulwark::bulkhead_manager& manager,
                   const std::string& service) {
  auto allocated = resources_of(manager, service);
  if (std::all_of(allocated.begin(), allocated.end(),
                  [](const auto& each) { return each.second; }))
    return std::nullopt;
  pattern_answer result{"error", "Insufficient resources allocated"};
  result.allocated_resources = std::move(allocated);
  return result;
}

pattern_answer answer_of(const caf::error& why) {
  using bulwark::errc;
  switch (bulwark::code_of(why, errc::stopped)) {
  case errc::timed_out:
    return {"timeout", "Request timed out"};
  case errc::bulkhead_full:
  case errc::bulkhead_timeout:
    return {"error", "No threads available"};
  default:
    return {"error", bulwark::describe(why)};
  }
}

} // namespace compartments
