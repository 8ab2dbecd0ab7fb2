#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/detail/tenant_shares.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace bulwark {

/// Names who waits: someone, and which of the things that one waits with.
struct permit_key {
  uint64_t source = 0;
  uint64_t id = 0;

  friend auto operator<=>(const permit_key&, const permit_key&) = default;
};

/// One who waits for permits.
struct permit_ticket {
  permit_key key;
  uint64_t amount = 1;
  call_priority priority = call_priority::normal;

  /// Whose it is, see `consumer_account`.
  uint32_t consumer = 0;

  /// Whom it is for; 0: nobody in particular.
  uint64_t tenant = 0;

  time_point since{};
  time_point expires = time_point::max();

  /// Was let in before, and does not count towards the bound.
  bool exempt = false;
};

/// Who waits for the permits of one bulkhead: one line per priority, and where
/// tenants share it, one per tenant in that.
///
/// A tenant that takes more of the places than its share gives way to one that
/// takes less, or nobody would get in beside one who asks without end. (The
/// idea: P. McKenney, Stochastic Fairness Queueing, 1990.)
///
/// Of tenants that have the same for their weight, that one is next whose turn
/// is longest ago, counted from when it was served last, or from when it began
/// to wait. When its oldest came says nothing: that one may be of a burst, or,
/// with `adaptive_lifo`, wait for ever. So as long as one waits with nothing,
/// each other tenant passes it once at most with that priority, however many of
/// its own wait; and with what is set aside for it. (As in: J. Nagle, On Packet
/// Switches with Infinite Storage, RFC 970, 1985.)
///
/// Whatever is done with one who waits takes a time logarithmic in how many do;
/// only `remove_if` looks at all of them.
///
/// Confined to one thread; the bulkhead guards it with its lock.
class permit_queue {
public:
  /// `shares`: what tenants weigh and have; null: they are all alike.
  permit_queue(const bulkhead_options& options, const tenant_shares* shares)
    : max_(options.queue),
      overflow_(options.overflow),
      order_(options.order),
      shares_(shares) {}

  struct arrival {
    bool waits = false;

    /// Who had to give way.
    std::optional<permit_ticket> dropped;
  };

  /// @pre nobody waits under that key
  arrival arrive(const permit_ticket& who);

  /// Returns who is next, if anybody waits. Nobody is served before that one,
  /// or a large amount would never be. Of several tenants it is one of that
  /// which has least for its weight; of this one the oldest or, with
  /// `adaptive_lifo` and while more than half of all places are taken, the
  /// newest.
  const permit_ticket* next() const;

  /// Returns who is first of one consumer.
  const permit_ticket* first_of(uint32_t consumer) const;

  /// Takes out who gets what it waits for: that was the turn of its tenant.
  std::optional<permit_ticket> serve(permit_key key);

  /// Takes out who leaves.
  std::optional<permit_ticket> remove(permit_key key);

  /// Takes out whose time is over; all of one source; whom `gone` names.
  std::vector<permit_ticket> expire(time_point now);
  std::vector<permit_ticket> remove_source(uint64_t source);
  std::vector<permit_ticket>
  remove_if(const std::function<bool(const permit_ticket&)>& gone);

  std::optional<time_point> next_expiry() const;

  bool waits(permit_key key) const { return places_.count(key) != 0; }

  /// Whether somebody of this or a higher priority waits; and of one consumer.
  bool someone_before(call_priority priority) const noexcept;
  bool someone_before(call_priority priority, uint32_t consumer) const;

  /// To be called when what a tenant has, has changed.
  void changed(uint64_t tenant);

  size_t size() const noexcept { return places_.size(); }
  bool empty() const noexcept { return places_.empty(); }

private:
  struct waiting {
    permit_ticket ticket;
    uint64_t number;
  };

  using in_order = std::map<uint64_t, const waiting*>;

  /// Those of one tenant, and of these who counts towards the bound. Its keys
  /// in the two orders of its line are as of the last change.
  struct tenant_row {
    in_order all;
    in_order bound;
    double burden = 0;
    double load = 0;
    uint64_t place = 0;
  };

  /// No row is empty.
  struct priority_line {
    std::map<uint64_t, tenant_row> rows;

    /// {burden, place, tenant} and {load, tenant}
    std::set<std::tuple<double, uint64_t, uint64_t>> turns;
    std::set<std::pair<double, uint64_t>> loads;
  };

  using by_consumer = std::tuple<uint32_t, call_priority, uint64_t>;

  template <class F>
  void change(priority_line& where, uint64_t tenant, F how);
  std::optional<permit_ticket> take_out(permit_key key, bool served);
  uint64_t row_of(const permit_ticket& who) const noexcept;
  double weight_of(uint64_t tenant) const;
  const permit_ticket* victim(const permit_ticket& arriving) const;
  const permit_ticket* gives_way(const tenant_row& which) const;
  bool last_first() const noexcept;

  size_t max_;
  overflow_policy overflow_;
  queue_order order_;
  const tenant_shares* shares_;
  uint64_t numbers_ = 0;
  size_t counted_ = 0;
  std::map<permit_key, waiting> places_;
  std::array<priority_line, call_priorities> lines_;
  std::map<by_consumer, const waiting*> consumers_;
  std::set<std::pair<time_point, permit_key>> expiries_;
};

} // namespace bulwark
