#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/permit_book.hpp>

#include <algorithm>

namespace bulwark {

namespace {

/// No more than there is, also while others pass who are counted in part.
uint64_t charged_to(const consumer_seat& seat, uint64_t all) {
  auto use = seat.use();
  return std::min(seat.allotted + use - std::min(use, seat.own), all);
}

usage_stats usage_of(const permit_book& book) {
  const auto& counted = book.counted();
  usage_stats result;
  result.successful_acquisitions = counted.granted;
  for (const auto& seat : book.seats())
    if (seat.tally)
      result.successful_acquisitions += seat.tally->grants();
  result.timeouts = counted.timeouts;
  result.refusals = counted.refused;
  result.isolated = counted.isolated;
  result.dropped = counted.dropped;
  result.withdrawn = counted.withdrawn;
  result.shadowed = counted.shadowed;
  result.peak_usage = book.counter().peak();
  result.total_requests = result.successful_acquisitions + result.timeouts
                          + result.refusals + result.isolated + result.dropped
                          + result.withdrawn + book.waiting();
  return result;
}

} // namespace

bulkhead_stats stats_of(const std::string& name, const permit_book& book) {
  const auto& options = book.options();
  bulkhead_stats result;
  result.name = name;
  result.kind = options.kind;
  result.mode = options.mode;
  result.max_capacity = options.capacity;
  result.current_limit = book.limit();
  result.reserved_for_critical = options.reserved_for_critical;
  result.warning = options.warning;
  result.critical = options.critical;
  auto use = book.counter().use();
  result.current_usage = use;
  result.available_capacity =
    options.capacity - std::min(use, options.capacity);
  result.utilization_percent = utilization(use, options.capacity);
  result.state = state_of(use, options);
  result.health = health_of(result.utilization_percent);
  for (const auto& seat : book.seats())
    if (auto amount = charged_to(seat, use); amount > 0)
      result.allocations.emplace(seat.name, amount);
  result.active_consumers = result.allocations.size();
  result.usage = usage_of(book);
  result.queue_length = book.waiting();
  result.wait_p50 = book.waits().percentile(50);
  result.wait_p99 = book.waits().percentile(99);
  result.isolation = book.isolated();
  result.draining = book.draining();
  return result;
}

} // namespace bulwark
