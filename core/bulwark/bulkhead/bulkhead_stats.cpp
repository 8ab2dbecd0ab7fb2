#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <algorithm>

namespace bulwark {

namespace {

/// No more than there is, also while others pass who are counted in part.
uint64_t charged_to(const consumer_account& account, uint64_t all) {
  auto use = account.use();
  return std::min(account.allotted + use - std::min(use, account.own), all);
}

usage_stats usage_of(const permit_table& table) {
  const auto& counted = table.counted();
  usage_stats result;
  result.successful_acquisitions = counted.granted;
  for (const auto& account : table.accounts())
    if (account.tally)
      result.successful_acquisitions += account.tally->grants();
  result.timeouts = counted.timeouts;
  result.refusals = counted.refused;
  result.isolated = counted.isolated;
  result.dropped = counted.dropped;
  result.withdrawn = counted.withdrawn;
  result.shadowed = counted.shadowed;
  result.peak_usage = table.counter().peak();
  result.total_requests = result.successful_acquisitions + result.timeouts
                          + result.refusals + result.isolated + result.dropped
                          + result.withdrawn + table.waiting();
  return result;
}

} // namespace

bulkhead_stats stats_of(const std::string& name, const permit_table& table) {
  const auto& options = table.options();
  bulkhead_stats result;
  result.name = name;
  result.kind = options.kind;
  result.mode = options.mode;
  result.max_capacity = options.capacity;
  result.current_limit = table.limit();
  result.reserved_for_critical = options.reserved_for_critical;
  result.warning = options.warning;
  result.critical = options.critical;
  auto use = table.counter().use();
  result.current_usage = use;
  result.available_capacity =
    options.capacity - std::min(use, options.capacity);
  result.utilization_percent = utilization(use, options.capacity);
  result.state = state_of(use, options);
  result.health = health_of(result.utilization_percent);
  for (const auto& account : table.accounts())
    if (auto amount = charged_to(account, use); amount > 0)
      result.allocations.emplace(account.name, amount);
  result.active_consumers = result.allocations.size();
  result.usage = usage_of(table);
  result.queue_length = table.waiting();
  result.wait_p50 = table.waits().percentile(50);
  result.wait_p99 = table.waits().percentile(99);
  result.isolation = table.isolated();
  result.draining = table.draining();
  return result;
}

} // namespace bulwark
