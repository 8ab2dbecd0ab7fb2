#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/detail/allocation_table.hpp>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What the manager's actor and all copies of its handle share.
///
/// The lock guards the books; it is never held while a bulkhead is asked,
/// because what a bulkhead gives back may go on to other actors.
///
/// Safe to call from any thread.
class manager_core {
public:
  explicit manager_core(const bulkhead_manager_options& options);

  caf::error add(bulkhead what);
  caf::error add(cpu_quota what);
  caf::error assign(const std::string& service, const std::string& bulkhead);
  std::set<std::string> bulkheads_of(const std::string& service) const;

  std::vector<bulkhead> all() const;

  /// Returns an empty one if there is none of that name.
  bulkhead find(const std::string& name) const;

  /// The same of a CPU quota.
  cpu_quota find_quota(const std::string& name) const;

  /// Whom messages to it go to, bulkhead or quota, or the error that says that
  /// there is none.
  caf::expected<caf::actor> handle_of(const std::string& name) const;

  /// The same of a bulkhead, or the error that says so.
  caf::expected<bulkhead> known(const std::string& name) const;

  /// @param owner see `allocation_table::begin`
  caf::expected<service_allocation> allocate(const std::string& service,
                                             const resource_amounts& wanted,
                                             uint64_t owner);

  caf::expected<service_allocation> release(const std::string& service);

  /// Releases what belongs to one who ended, and tells of it.
  void release_of(uint64_t owner, const std::string& reason);

  resource_amounts allocation_of(const std::string& service) const;

  std::vector<bulkhead_stats> stats() const;
  caf::expected<bulkhead_stats> stats_of(const std::string& name) const;
  system_health health() const;

  void set_monitoring(bool enabled) noexcept { monitoring_ = enabled; }
  bool monitoring_enabled() const noexcept { return monitoring_; }

  /// Writes down the use of all bulkheads, unless that is switched off.
  void sample(time_point now);

  caf::expected<performance_trends> trends(double hours, time_point now) const;

private:
  std::vector<cpu_quota> quotas() const;
  std::optional<allocation_refusal> check(const resource_amounts& wanted) const;
  std::optional<allocation_refusal> look(allocation_attempt attempt) const;
  void ask(allocation_attempt& attempt) const;
  void give_back(const std::string& service, const std::string& bulkhead) const;

  const bulkhead_manager_options options_;
  std::atomic<bool> monitoring_;
  mutable std::mutex lock_;
  allocation_table table_;
  std::map<std::string, bulkhead> bulkheads_;
  std::map<std::string, cpu_quota> quotas_;
  metrics_history history_;
};

} // namespace bulwark::detail
