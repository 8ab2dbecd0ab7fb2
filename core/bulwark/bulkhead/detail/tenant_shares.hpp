#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace bulwark {

/// Whose turn it is when several tenants want more than there is.
///
/// As long as nobody was turned away, anybody may have everything. Who is
/// turned away wants that much until it has got it, for `wanting_for` at most,
/// and while others want something, a tenant gets more than its share only of
/// what these leave. The share is its weight among those who have or want
/// something, at least one permit. So what a greedy one gives back is there
/// when the others try again, also where nobody may wait; and one who asks once
/// and never again keeps from the others what it asked for, and no more.
///
/// All functions take a time logarithmic in the number of tenants.
///
/// Confined to one thread.
class tenant_shares {
public:
  static constexpr duration wanting_for = std::chrono::seconds{1};

  /// Tenants that are neither at work nor known by a weight are remembered up
  /// to this many; further ones are treated alike.
  static constexpr size_t tenants_max = 4096;

  /// @param weights of those who do not weigh 1
  explicit tenant_shares(const std::map<std::string, double>& weights);

  /// Returns the name of a tenant here; of the empty text 0.
  static uint32_t id_of(std::string_view tenant) noexcept;

  /// What there is: how much may be in use by such work, and how much of that
  /// is not.
  struct room {
    uint64_t limit = 0;
    uint64_t free = 0;
  };

  /// Whether the tenant may have `amount` more.
  bool may_take(uint64_t tenant, uint64_t amount, room left, time_point now);

  /// How much the tenant has for its weight.
  double burden(uint64_t tenant) const;
  double weight_of(uint64_t tenant) const;

  void took(uint64_t tenant, uint64_t amount);
  void gave(uint64_t tenant, uint64_t amount);

  /// The tenant was turned away, or waits.
  void wants(uint64_t tenant, uint64_t amount, room left, time_point now);

  uint64_t use_of(uint64_t tenant) const;

private:
  /// Somebody who has something or wants something.
  struct account {
    uint64_t use = 0;
    uint64_t wanted = 0;
    time_point until{};
  };

  using accounts = std::unordered_map<uint64_t, account>;

  uint64_t share_of(uint64_t tenant, uint64_t limit) const;
  uint64_t units_of(uint64_t tenant) const;
  accounts::iterator open(uint64_t tenant);
  void close(accounts::iterator which);
  void set_wanted(accounts::iterator which, uint64_t amount, time_point until);
  void expire(time_point now);

  std::unordered_map<uint64_t, double> weights_;
  accounts accounts_;

  /// In thousandths, because sums of fractions drift.
  uint64_t units_ = 0;
  uint64_t wanted_ = 0;
  std::set<std::pair<time_point, uint64_t>> wanting_;
};

} // namespace bulwark
