#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/manager_requests.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark {

namespace detail {
class manager_core;
} // namespace detail

/// What a manager of bulkheads is made with.
///
/// Immutable after construction.
struct bulkhead_manager_options {
  /// How often the use of all bulkheads is written down, and how many of these
  /// samples are kept of each. 1 to 100000.
  duration sample_every = std::chrono::seconds{10};
  size_t samples_max = 1000;

  /// Whether it is written down from the start; see `set_monitoring`.
  bool monitoring_enabled = true;

  /// Wall-clock time. Called from any thread. Must be set.
  std::function<wall_time()> now = {};

  emitter events = {};

  static constexpr size_t samples_most = 100'000;
};

/// Returns the first complaint, or nothing; see validate.hpp.
[[nodiscard]] std::optional<std::string>
validate(const bulkhead_manager_options& options);

/// The bulkheads of a node together: who is assigned to which, what is set
/// aside for whom, and how they are doing.
///
/// All of it can also be asked of `handle()`, an actor, see
/// manager_requests.hpp; nothing that arrives as a message can end that one.
/// An error says what was wrong, or which bulkhead refused, and then nothing
/// has changed.
///
/// Safe to call from any thread. Copies refer to the same manager.
class bulkhead_manager {
public:
  bulkhead_manager() noexcept = default;

  /// Starts one.
  /// @throws std::invalid_argument what `validate` says of the options
  bulkhead_manager(caf::actor_system& sys,
                   const bulkhead_manager_options& options);

  explicit operator bool() const noexcept { return core_ != nullptr; }

  const caf::actor& handle() const noexcept { return handle_; }

  /// Adds a bulkhead under a name that no other one has.
  [[nodiscard]] caf::error add(bulkhead what) const;

  /// Adds a CPU quota, whose name no bulkhead has either. It is in stats,
  /// health and trends, see `as_bulkhead`, and services can be assigned to it;
  /// nothing of it can be allocated.
  [[nodiscard]] caf::error add(cpu_quota what) const;

  /// Returns an empty one if there is none of that name.
  bulkhead find(const std::string& name) const;

  /// Returns those it knows.
  std::vector<bulkhead> all() const;

  /// Notes that a service works in a bulkhead. One that needs several is
  /// assigned to each of them, once.
  [[nodiscard]] caf::error assign(const std::string& service,
                                  const std::string& bulkhead) const;

  /// Returns where a service is assigned to; empty for an unknown one.
  std::set<std::string> bulkheads_of(const std::string& service) const;

  /// Sets resources aside for a service: all of them or, when one bulkhead
  /// refuses, none. What the service uses of them is not charged again.
  caf::expected<service_allocation>
  allocate(const std::string& service, const resource_amounts& wanted) const;

  /// Returns all that is set aside for a service. What it uses of it at that
  /// moment is charged like anybody's until it comes back.
  caf::expected<service_allocation> release(const std::string& service) const;

  /// Returns what is set aside for a service, by bulkhead.
  resource_amounts allocation_of(const std::string& service) const;

  std::vector<bulkhead_stats> stats() const;
  caf::expected<bulkhead_stats> stats(const std::string& bulkhead) const;
  system_health health() const;

  /// Over the last hours, between a second and a year.
  caf::expected<performance_trends> trends(double hours) const;

  /// Switches the samples that trends are made of on or off; those that are
  /// there stay. Stats, health, alerts and events are told either way.
  void set_monitoring(bool enabled) const;
  bool monitoring_enabled() const;

  /// Ends its actor. What is allocated stays so.
  void stop() const;

private:
  caf::actor handle_;
  std::shared_ptr<detail::manager_core> core_;
};

} // namespace bulwark
