#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/calls/call_report_message.hpp>
#include <bulwark/time/time.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What a client may say about one message, put before it:
///
///     self->request(orders, 5s, bulwark::call_options{.key = "ada"},
///                   place_order{...});
///
/// The gate takes it off; the service sees `place_order` alone. To services
/// without a gate it is a part of the message like any other.
///
/// Immutable after construction.
struct call_options {
  /// Messages of one client node with the same key are handled in the order
  /// in which the gate let them in, over all replicas and their restarts: one
  /// replica at a time has work of a key, and no priority changes the order.
  /// A message that no replica has begun within `gate_options::timeout` plus
  /// `grace` stops blocking its key. Empty: no key. Two keys may share their
  /// order by chance.
  std::string key = {};

  /// Who is served first of those that wait for a replica or for a permit of
  /// the service's bulkhead; critical messages are also urgent in the replica's
  /// mailbox, and may take what the bulkhead reserves for them.
  call_priority priority = call_priority::normal;

  /// Handling it twice is as good as once: when the replica that had taken it
  /// up dies, or its node is lost, it is tried again, within the limits
  /// `gate_options::poison_limit` and `bystander_limit`.
  bool idempotent = false;

  /// For whom it is done, where the service's bulkhead shares its permits
  /// fairly or has a rate for each: see `bulkhead_options::fair` and
  /// `rate_per_tenant`. Empty: all that say nothing share.
  std::string tenant = {};

  /// Which part of the service it is for: each has a circuit breaker of its
  /// own, within `breaker_options::keys_max`. Empty: they share one.
  std::string endpoint = {};

  /// How long its client waits for the answer: it is answered
  /// `errc::timed_out` then, if that is earlier than otherwise. 0: as long as
  /// `gate_options::timeout` says. A plain send has no such end.
  duration within = duration::zero();

  /// A value as the answer comes behind a `call_report` (call_report.hpp),
  /// which says what it took: `.then([](const call_report& how, int x) { ...
  /// })`.
  bool report = false;

  friend bool operator==(const call_options&, const call_options&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_options& x) {
  return f(caf::meta::type_name("bulwark.call_options"), x.key, x.priority,
           x.idempotent, x.tenant, x.endpoint, x.within, x.report);
}

} // namespace bulwark
