#pragma once

#include <bulwark/bulkhead/adaptive_options.hpp>
#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/rate/rate_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace bulwark {

/// What the permits of a bulkhead stand for.
enum class bulkhead_kind : uint8_t {
  permits,
  thread_pool,
  connection_pool,
  memory_pool,
  cpu_quota,
  rate_limit,
};

/// What gives way when one more wants to wait than may. Nobody ever gives way
/// to a lower priority; where only higher ones wait the new one is refused.
/// With `fair`, one of the tenant that has most places for its weight gives
/// way to one of a tenant that has less, whatever the policy.
enum class overflow_policy : uint8_t {
  /// The new one.
  refuse,
  /// Of the lowest priority, who has waited longest.
  drop_oldest,
  /// Of the lowest priority, who has waited least.
  drop_newest,
};

/// Who is served first of those with the same priority; with `fair`, of those
/// of the tenant whose turn it is, see permit_queue.hpp.
enum class queue_order : uint8_t {
  fifo,
  /// While more than half of the places are taken, the last to come: under
  /// overload those who came first are the nearest to giving up.
  adaptive_lifo,
};

enum class bulkhead_mode : uint8_t {
  enforced,
  /// Decides, counts and reports, but lets everything through.
  shadow,
};

/// Whom a bulkhead turns away, up to which priority.
enum class isolation : uint8_t { none, background, normal, all };

/// A named compartment: how much may be in use in it at once, and what becomes
/// of the rest.
///
/// Immutable after construction.
struct bulkhead_options {
  bulkhead_kind kind = bulkhead_kind::permits;

  /// Permits, threads, connections, bytes. At least 1, at most 2^40.
  uint64_t capacity = 10;

  /// Of a memory pool: how many bytes one permit stands for, so that what is
  /// held can be told in MB. At least 1, at most 2^40.
  uint64_t permit_bytes = 1;

  /// The last permits that are free go to critical work only. Below
  /// `capacity`.
  uint64_t reserved_for_critical = 0;

  /// How many may wait for a permit, and for how long. 0 and 0: nobody; one
  /// without the other is refused.
  size_t queue = 0;
  duration queue_timeout = duration::zero();

  overflow_policy overflow = overflow_policy::refuse;
  queue_order order = queue_order::fifo;

  /// Shares of the capacity from which on the bulkhead is degraded, and
  /// alarming. A threshold counts as left when the use is `hysteresis` below it
  /// and two permits below where it was crossed. Within (0, 1], in this order.
  double warning = 0.8;
  double critical = 0.95;
  double hysteresis = 0.05;

  /// Under pressure on the node, compartments of the background are closed
  /// first, then normal ones, critical ones never.
  call_priority importance = call_priority::normal;

  bulkhead_mode mode = bulkhead_mode::enforced;

  /// While several tenants want more than there is, none gets more than its
  /// share of the capacity: its weight among those who want something; see
  /// tenant_shares.hpp. Costs the fast path.
  bool fair = false;

  /// Weights of tenants; who is not named has 1.
  std::map<std::string, double> weights = {};

  /// Finds how much of the capacity is good to use from how services answer:
  /// no more than that is granted. Its bounds are cut to the capacity. Costs
  /// each request a lock and a look at the clock.
  std::optional<adaptive_options> adaptive = std::nullopt;

  /// How many requests may begin within a period, asked before any permit; and
  /// whether each tenant has that rate for itself, or all share it. A request
  /// that comes too early waits if its turn comes within `rate_wait` and before
  /// its deadline; else it is refused at once. A request that waited and is
  /// then refused a permit gives its turn back, so that a burst may be larger
  /// than the rate says by `rate * rate_wait / period`.
  std::optional<rate_options> rate = std::nullopt;
  bool rate_per_tenant = false;
  duration rate_wait = duration::zero();

  /// Tenants that have another rate than `rate` where each has its own: those
  /// of the program's own services, beside its clients. At most
  /// `tenant_rates_max`; they are not among the `keys_max` of `rate`.
  std::map<std::string, rate_options> tenant_rates = {};

  static constexpr uint64_t capacity_max = uint64_t{1} << 40;
  static constexpr size_t queue_max = 1'000'000;
  static constexpr size_t weights_max = 1000;
  static constexpr size_t tenant_rates_max = 1000;

  friend bool operator==(const bulkhead_options&,
                         const bulkhead_options&) = default;
};

std::string to_string(bulkhead_kind kind);
std::string to_string(overflow_policy policy);
std::string to_string(queue_order order);
std::string to_string(bulkhead_mode mode);
std::string to_string(isolation level);

/// Returns the first complaint, or nothing; see validate.hpp.
[[nodiscard]] std::optional<std::string>
validate(const bulkhead_options& options);

/// Whether work of that priority is turned away.
inline bool turns_away(isolation level, call_priority priority) noexcept {
  return static_cast<int>(level) + static_cast<int>(priority) >= 3;
}

} // namespace bulwark
