#pragma once

#include <bulwark/bulkhead/detail/lease_list.hpp>
#include <bulwark/bulkhead/detail/permit_table.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/rate/detail/keyed_rate.hpp>
#include <bulwark/rate/detail/shared_rate.hpp>

#include <caf/fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// One bulkhead, as gates, pools and its own actor share it: permits are taken
/// and given back in whatever thread the work is in.
///
/// What can be granted at once takes one atomic operation, to give it back
/// another one, and no lock. The lock guards the table; it is never held while
/// another actor is entered.
///
/// Safe to call from any thread.
class bulkhead_core {
public:
  bulkhead_core(caf::actor_system& sys, std::string name,
                const bulkhead_options& options, emitter events);

  const std::string& name() const noexcept { return name_; }

  /// Returns a account that may be held as long as the bulkhead; null: too
  /// many.
  consumer_account* lasting_account(const std::string& consumer);

  // -- who waits --------------------------------------------------------------

  /// Adds somebody who may wait. `poke` is called, from any thread and without
  /// a lock, when there is a verdict to fetch.
  uint64_t add_source(std::function<void()> poke);

  /// Forgets it, and gives back what it did not claim.
  void remove_source(uint64_t source);

  // -- permits ----------------------------------------------------------------

  /// See `permit_counter::expect_change`.
  void expect_change() const noexcept { counter_.expect_change(); }

  /// The fast path. False: ask. It counts as granted, unless `account.tally` is
  /// told that it was not used.
  /// @pre the account is a lasting one
  bool try_take(consumer_account& account, uint64_t amount,
                call_priority priority) noexcept {
    if (account.budgeted.load(std::memory_order_relaxed))
      return false;
    auto use = counter_.try_take(amount, priority);
    if (!use)
      return false;
    account.tally->took(amount);
    if (!counter_.quiet(*use))
      watch();
    return true;
  }

  /// The slow path; `since` is filled in here.
  permit_table::answer ask(permit_ticket who, bool behind);

  void forget(permit_key key,
              permit_table::parting why = permit_table::parting::late);
  std::vector<std::pair<uint64_t, errc>> take_refused(uint64_t source);
  std::vector<permit_ticket> take_granted(uint64_t source);

  /// Gives back what was taken, from either lane.
  /// @pre the account is a lasting one
  void give(consumer_account& account, uint64_t amount,
            uint64_t tenant) noexcept;

  bool fair() const noexcept { return fair_; }

  // -- limits that look at time -----------------------------------------------

  /// Whether it wants to know how requests are answered.
  bool adapts() const noexcept { return adapts_; }
  void learn(duration latency, bool dropped);

  bool rated() const noexcept { return rate_ || keyed_rate_; }

  /// Takes a turn of the rate: one more may begin now, or after `wait` of the
  /// verdict, which is neither more than `wait_max` nor than the options say.
  rate_verdict begin(const std::string& tenant, duration wait_max);

  /// Gives a turn back that was not used. See `keyed_rate` for a tenant that
  /// is not known any more.
  void give_turn_back(const std::string& tenant) noexcept;

  // -- for the bulkhead's actor and its manager -------------------------------

  /// Calls `f(permit_table&, time_point now, sources& changed)` under the lock,
  /// then tells of crossings and pokes who is served.
  template <class F>
  auto with_table(F f) {
    permit_table::sources changed;
    auto result = with_table_only(f, changed);
    finish(changed);
    return result;
  }

  /// The same without what follows: for who holds a lock and calls `finish`
  /// without it.
  template <class F>
  auto with_table_only(F f, permit_table::sources& changed) {
    std::lock_guard guard{lock_};
    return f(table_, now(), changed);
  }

  void finish(const permit_table::sources& changed) noexcept;

  template <class F>
  auto read_table(F f) const {
    std::lock_guard guard{lock_};
    return f(static_cast<const permit_table&>(table_));
  }

  /// Returns the use of this moment, and how much there is.
  uint64_t use() const noexcept { return counter_.use(); }
  uint64_t capacity() const noexcept { return counter_.limits_now().critical; }

  /// In percent.
  double utilization() const noexcept {
    auto all = capacity();
    return all == 0
             ? 0.0
             : 100.0 * static_cast<double>(use()) / static_cast<double>(all);
  }

  // -- leases of memory accounts, to be listed
  // ---------------------------------

  /// Returns the number of the lease.
  uint64_t note_lease(const consumer_account& account, uint64_t amount);
  void end_lease(uint64_t number) noexcept;

  /// Lists what is held: `held` and the leases.
  held_allocations list(std::vector<held_entry> held) const;

  void emit(event what) const;

  time_point now() const;

private:
  /// The rate of that tenant, or of all; null: each has one by `keyed_rate_`.
  shared_rate* rate_of(const std::string& tenant) noexcept;

  void watch() noexcept;
  event event_of(const threshold_crossing& what) const;
  void look();
  void tell_all(std::unique_lock<std::mutex>& guard);

  static constexpr int looks_max = 16;

  caf::actor_system& sys_;
  const std::string name_;
  const emitter events_;
  const bool fair_;
  const bool adapts_;
  const duration rate_wait_;
  std::optional<shared_rate> rate_;

  /// As many as there were when it was made.
  std::map<std::string, shared_rate> tenant_rates_;

  mutable std::mutex lock_;
  permit_table table_;
  permit_counter& counter_;
  std::optional<keyed_rate> keyed_rate_;
  uint64_t sources_ = 0;
  std::vector<event> untold_;
  bool telling_ = false;
  std::map<uint64_t, std::shared_ptr<const std::function<void()>>> pokes_;

  mutable std::mutex leases_lock_;
  lease_list leases_;
};

} // namespace bulwark::detail
