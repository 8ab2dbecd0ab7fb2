#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/held_allocations.hpp>
#include <bulwark/caf/sent_wall_time.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

// What can be asked of a bulkhead's actor. Each is answered, or with one of
// these errors, which change nothing:
//
// - `bulkhead_full`, `bulkhead_timeout`, `bulkhead_isolated`: see
//   bulkhead_refusal.hpp for what they tell.
// - `rate_limited`: it comes sooner than `bulkhead_options::rate` allows.
// - `not_held`: that permit is not the sender's, or does not hold so much.
// - `invalid_option`: field, value and rule.
// - `too_many_requests`: more consumers than a bulkhead keeps apart.
// - `stopped`: the bulkhead ends.

/// Answered with a `permit`, which belongs to the sender: what it has not
/// released when it ends, or its node is lost, comes back by itself. A sender
/// that ends while it waits leaves the queue. From any node.
///
/// Is one beginning for `bulkhead_options::rate`, whatever the amount, and not
/// kept waiting for that; what is refused has used none of it.
///
/// The sender has the permit once one of its handlers gets the answer. An
/// answer that comes after the request has timed out reaches no handler, and
/// gives the permit back when it is dropped: as soon as the sender takes up its
/// next message. One that nobody has looked at for `permit_unread_max`, such as
/// a blocking actor keeps until it ends, gives it back then (told by
/// `permits_reclaimed`); a handler that gets it later still finds an empty
/// permit.
///
/// An answer that has left for another node is the sender's. There no request
/// should time out before `wait` is over.
struct acquire_permits {
  uint64_t amount = 1;
  call_priority priority = call_priority::normal;

  /// Waits at most this long, and not longer than `queue_timeout`, which is
  /// what zero means too.
  duration wait = duration::zero();

  /// They come back by themselves after this long, unless renewed; zero:
  /// they do not.
  duration lease = duration::zero();

  /// Whose use it is in the statistics; at most 64 characters. Empty: the
  /// sender's own.
  std::string consumer = {};

  /// See `bulkhead_options::fair` and `rate_per_tenant`.
  std::string tenant = {};

  friend bool operator==(const acquire_permits&,
                         const acquire_permits&) = default;
};

/// See `acquire_permits`.
constexpr duration permit_unread_max = std::chrono::seconds{10};

/// What was acquired.
struct permit {
  std::string bulkhead;
  uint64_t id = 0;
  uint64_t amount = 0;

  /// Whether it is not empty.
  explicit operator bool() const noexcept { return amount > 0; }

  friend bool operator==(const permit&, const permit&) = default;
};

/// Answered with `caf::unit`. An amount of 0 is all of it.
struct release_permits {
  uint64_t id = 0;
  uint64_t amount = 0;

  friend bool operator==(const release_permits&,
                         const release_permits&) = default;
};

/// The lease ends this long from now. Answered with `caf::unit`.
struct renew_permits {
  uint64_t id = 0;
  duration lease = duration::zero();

  friend bool operator==(const renew_permits&, const renew_permits&) = default;
};

/// Answered with `bulkhead_stats`.
struct bulkhead_stats_request {};

/// Answered with `held_allocations`: who holds what since when, of those that
/// have held it longest at most `held_allocations::listed_max`.
struct held_allocations_request {};

// From the same process only; each is answered with `caf::unit`.

/// Smaller than what is in use: nothing new until enough came back.
struct resize_bulkhead {
  uint64_t capacity = 0;
  uint64_t reserved_for_critical = 0;
};

/// Closes the door to all up to that priority, also to those who wait; what
/// has permits goes on. `isolation::none`: opens it again.
struct isolate_bulkhead {
  isolation level = isolation::all;
  std::string reason;
};

/// Closes the door to all, and tells by `bulkhead_drained` when the last
/// permit came back.
struct drain_bulkhead {
  std::string reason;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, acquire_permits& x) {
  return f(caf::meta::type_name("bulwark.acquire_permits"), x.amount,
           x.priority, x.wait, x.lease, x.consumer, x.tenant);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit& x) {
  return f(caf::meta::type_name("bulwark.permit"), x.bulkhead, x.id, x.amount);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, release_permits& x) {
  return f(caf::meta::type_name("bulwark.release_permits"), x.id, x.amount);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, renew_permits& x) {
  return f(caf::meta::type_name("bulwark.renew_permits"), x.id, x.lease);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bulkhead_stats_request&) {
  return f(caf::meta::type_name("bulwark.bulkhead_stats_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, usage_stats& x) {
  return f(caf::meta::type_name("bulwark.usage_stats"), x.total_requests,
           x.successful_acquisitions, x.timeouts, x.refusals, x.isolated,
           x.dropped, x.withdrawn, x.shadowed, x.peak_usage);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bulkhead_stats& x) {
  return f(caf::meta::type_name("bulwark.bulkhead_stats"), x.name, x.kind,
           x.mode, x.max_capacity, x.reserved_for_critical, x.warning,
           x.critical, x.current_usage, x.current_limit, x.available_capacity,
           x.utilization_percent, x.state, x.health, x.active_consumers,
           x.allocations, x.usage, x.queue_length, x.wait_p50, x.wait_p99,
           x.isolation, x.draining);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        held_allocations_request&) {
  return f(caf::meta::type_name("bulwark.held_allocations_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_allocation& x) {
  sent_wall_time allocated_at{x.allocated_at};
  return f(caf::meta::type_name("bulwark.held_allocation"), x.allocation_id,
           x.consumer, x.amount, x.size_mb, allocated_at, x.held_for);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_allocations& x) {
  return f(caf::meta::type_name("bulwark.held_allocations"), x.bulkhead,
           x.allocations, x.total, x.not_listed);
}

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::resize_bulkhead)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::isolate_bulkhead)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::drain_bulkhead)
