#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/bulkhead_state.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace bulwark {

class permit_table;

/// What became of those who asked a bulkhead, since it was made. Whoever asked
/// is in exactly one of these, or waits:
///
///     total_requests = successful_acquisitions + timeouts + refusals
///                      + isolated + dropped + withdrawn + queue_length
struct usage_stats {
  uint64_t total_requests = 0;

  /// At once, after waiting, or because the bulkhead only watches.
  uint64_t successful_acquisitions = 0;

  /// Waited in vain until their limit.
  uint64_t timeouts = 0;

  /// Found it full, and nobody who would have given way.
  uint64_t refusals = 0;

  /// Were turned away by an isolation.
  uint64_t isolated = 0;

  /// Waited and had to give way to others.
  uint64_t dropped = 0;

  /// Left, or died, while they waited.
  uint64_t withdrawn = 0;

  /// Of the successful ones, those that only got through because the bulkhead
  /// watches.
  uint64_t shadowed = 0;

  /// The most that was in use at once.
  uint64_t peak_usage = 0;

  friend bool operator==(const usage_stats&, const usage_stats&) = default;
};

/// One bulkhead at one moment.
///
/// Immutable after construction.
struct bulkhead_stats {
  std::string name;
  bulkhead_kind kind = bulkhead_kind::permits;
  bulkhead_mode mode = bulkhead_mode::enforced;
  uint64_t max_capacity = 0;
  uint64_t reserved_for_critical = 0;
  double warning = 0.8;
  double critical = 0.95;

  /// In use, or set aside for somebody.
  uint64_t current_usage = 0;

  /// How much of the capacity is granted: less than all of it where the limit
  /// adapts.
  uint64_t current_limit = 0;

  /// 0 while a bulkhead that was made smaller waits for what is out.
  uint64_t available_capacity = 0;
  double utilization_percent = 0;
  bulkhead_state state = bulkhead_state::available;
  bulkhead_health health = bulkhead_health::healthy;

  /// How many have something in use, or set aside for them, and how much: in
  /// sum the current usage, but for what is taken or given in that very moment.
  uint64_t active_consumers = 0;
  std::map<std::string, uint64_t> allocations;

  usage_stats usage;

  uint64_t queue_length = 0;

  /// How long those waited that waited and were granted.
  duration wait_p50 = duration::zero();
  duration wait_p99 = duration::zero();

  bulwark::isolation isolation = bulwark::isolation::none;
  bool draining = false;

  friend bool operator==(const bulkhead_stats&,
                         const bulkhead_stats&) = default;
};

/// Returns all there is to know.
[[nodiscard]] bulkhead_stats stats_of(const std::string& name,
                                      const permit_table& table);

} // namespace bulwark
