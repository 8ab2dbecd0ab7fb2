#pragma once

#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/redundancy/detail/replica_usage.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace bulwark::detail {

/// The words in which a gate tells what its replicas' usage has decided.
///
/// Immutable after construction.
class group_events {
public:
  group_events(std::string service, size_t min_healthy, int severity_shift)
    : service_(std::move(service)),
      min_healthy_(min_healthy),
      severity_shift_(severity_shift) {}

  /// Returns the name of a member, as its supervisor knows it.
  std::string name_of(size_t member) const;

  /// Nothing: the step is told by another one. `of`: how it stands afterwards.
  std::optional<event> event_of(const usage_step& step, failure_type why,
                                const replica_usage& of) const;

private:
  std::string path_of(size_t member) const;
  event made(event_kind kind, std::string component,
             const failure_context& context = {}) const;
  std::optional<event> told(const redundancy_step& step,
                            const replica_usage& of) const;
  event told(const ejection_change& step) const;
  std::optional<event> told(const health_change& step) const;
  event told(const panic_step& step) const;
  event told(const outage_step& step, failure_type why,
             const replica_usage& of) const;

  const std::string service_;
  const size_t min_healthy_;
  const int severity_shift_;
};

} // namespace bulwark::detail
