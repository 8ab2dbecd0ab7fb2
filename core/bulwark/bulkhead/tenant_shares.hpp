#pragma once

#include <bulwark/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bulwark {

/// Whose turn it is when several tenants want more than there is.
///
/// As long as nobody was turned away, anybody may have everything. Who is
/// turned away, or waits, wants something for `wanting_for` from then on, and
/// while anybody else wants something, a tenant gets at most its share: its
/// weight among those who have or want something, at least one permit. So
/// what a greedy one gives back is there when the others try again, also where
/// nobody may wait.
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
  static uint64_t id_of(std::string_view tenant) noexcept;

  /// Whether the tenant may have `amount` more of `limit`.
  bool may_take(uint64_t tenant, uint64_t amount, uint64_t limit,
                time_point now) const;

  /// How much the tenant has for its weight.
  double burden(uint64_t tenant) const;

  void took(uint64_t tenant, uint64_t amount);
  void gave(uint64_t tenant, uint64_t amount);

  /// The tenant was turned away, or waits.
  void wants(uint64_t tenant, time_point now);

  uint64_t use_of(uint64_t tenant) const;

private:
  struct account {
    uint64_t use = 0;
    time_point wanting_until = time_point::min();
  };

  double weight_of(uint64_t tenant) const;
  void forget_idle(time_point now);

  std::unordered_map<uint64_t, double> weights_;
  std::unordered_map<uint64_t, account> accounts_;
};

} // namespace bulwark
