#pragma once

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

enum class execution_status : uint8_t {
  success,
  /// The bulkhead had no permit for it; nothing was done.
  resource_exhausted,
  service_error,
};

std::string to_string(execution_status status);

/// What came of a request to a service that works in a bulkhead.
///
/// Immutable after construction.
template <class T>
struct execution {
  execution_status status = execution_status::service_error;

  /// Of a success.
  std::optional<T> result = std::nullopt;

  /// From the request to its answer: waiting for a permit included.
  duration processing_time = duration::zero();

  /// Where the service works: several names are separated by ", ".
  std::string bulkhead_used = {};

  /// Of a refusal: how much of the bulkhead was in use, in percent.
  double pool_utilization = 0;

  /// What went wrong, or was refused.
  caf::error error = {};
};

namespace detail {

/// Returns false, and says so, if the service works in no bulkhead.
bool find_bulkheads(const bulkhead_manager& manager, const std::string& service,
                    std::string& names, caf::error& why);

/// Returns whether no permit was to be had.
bool is_exhausted(const caf::error& why, double& utilization);

} // namespace detail

/// Has `gate`, that of a service, run a request in the bulkhead that the
/// manager knows the service by, and calls `done` with an `execution<T>` as
/// `self`. The gate takes the permit before a replica gets the request and
/// gives it back with the work; this says what came of it, in one value. A
/// service that is assigned to no bulkhead is an error at once.
template <class T, class F, class... Ts>
void execute_with_bulkhead(caf::event_based_actor* self,
                           const bulkhead_manager& manager,
                           const std::string& service, const caf::actor& gate,
                           F done, Ts... xs) {
  execution<T> outcome;
  if (!detail::find_bulkheads(manager, service, outcome.bulkhead_used,
                              outcome.error))
    return done(std::move(outcome));
  auto start = self->clock().now();
  auto time = [=] { return self->clock().now() - start; };
  self->request(gate, caf::infinite, std::move(xs)...)
    .then(
      [=](T& value) mutable {
        outcome.status = execution_status::success;
        outcome.result = std::move(value);
        outcome.processing_time = time();
        done(std::move(outcome));
      },
      [=](caf::error& why) mutable {
        if (detail::is_exhausted(why, outcome.pool_utilization))
          outcome.status = execution_status::resource_exhausted;
        outcome.error = std::move(why);
        outcome.processing_time = time();
        done(std::move(outcome));
      });
}

} // namespace bulwark
