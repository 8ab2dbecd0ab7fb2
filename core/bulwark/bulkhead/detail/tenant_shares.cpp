#include <bulwark/bulkhead/detail/tenant_shares.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

tenant_shares::tenant_shares(const std::map<std::string, double>& weights) {
  for (const auto& [tenant, weight] : weights)
    weights_.emplace(id_of(tenant), weight);
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits folded to 32.
uint32_t tenant_shares::id_of(std::string_view tenant) noexcept {
  if (tenant.empty())
    return 0;
  uint64_t result = 0xcbf29ce484222325;
  for (auto c : tenant)
    result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  auto folded = static_cast<uint32_t>(result ^ (result >> 32));
  return folded == 0 ? 1 : folded;
}

double tenant_shares::weight_of(uint64_t tenant) const {
  auto known = weights_.find(tenant);
  return known == weights_.end() ? 1.0 : known->second;
}

uint64_t tenant_shares::units_of(uint64_t tenant) const {
  return std::max<uint64_t>(
    1, static_cast<uint64_t>(std::llround(weight_of(tenant) * 1000)));
}

uint64_t tenant_shares::share_of(uint64_t tenant, uint64_t limit) const {
  auto own = units_of(tenant);
  auto all = units_ + (accounts_.count(tenant) != 0 ? 0 : own);
  auto share = static_cast<double>(limit) * static_cast<double>(own)
               / static_cast<double>(all);
  return std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(share)));
}

bool tenant_shares::may_take(uint64_t tenant, uint64_t amount, room left,
                             time_point now) {
  expire(now);
  auto known = accounts_.find(tenant);
  auto [use, own] = known == accounts_.end()
                      ? std::pair<uint64_t, uint64_t>{0, 0}
                      : std::pair{known->second.use, known->second.wanted};
  auto others = wanted_ - own;
  if (others == 0)
    return true;
  // One that has nothing may have something large.
  auto share = std::max(share_of(tenant, left.limit), use == 0 ? amount : 0);
  if (share >= amount && use <= share - amount)
    return true;
  return left.free >= amount && left.free - amount >= others;
}

double tenant_shares::burden(uint64_t tenant) const {
  return static_cast<double>(use_of(tenant)) / weight_of(tenant);
}

uint64_t tenant_shares::use_of(uint64_t tenant) const {
  auto known = accounts_.find(tenant);
  return known == accounts_.end() ? 0 : known->second.use;
}

tenant_shares::accounts::iterator tenant_shares::open(uint64_t tenant) {
  auto [at, fresh] = accounts_.try_emplace(tenant);
  if (fresh)
    units_ += units_of(tenant);
  return at;
}

void tenant_shares::close(accounts::iterator which) {
  if (which->second.use > 0 || which->second.wanted > 0)
    return;
  units_ -= units_of(which->first);
  accounts_.erase(which);
}

void tenant_shares::set_wanted(accounts::iterator which, uint64_t amount,
                               time_point until) {
  auto& [tenant, theirs] = *which;
  if (theirs.wanted > 0)
    wanting_.erase({theirs.until, tenant});
  wanted_ += amount - theirs.wanted;
  theirs.wanted = amount;
  theirs.until = until;
  if (amount > 0)
    wanting_.emplace(until, tenant);
}

void tenant_shares::took(uint64_t tenant, uint64_t amount) {
  auto which = open(tenant);
  auto& theirs = which->second;
  theirs.use += amount;
  set_wanted(which, theirs.wanted - std::min(theirs.wanted, amount),
             theirs.until);
  close(which);
}

void tenant_shares::gave(uint64_t tenant, uint64_t amount) {
  auto known = accounts_.find(tenant);
  if (known == accounts_.end())
    return;
  known->second.use -= std::min(known->second.use, amount);
  close(known);
}

void tenant_shares::wants(uint64_t tenant, uint64_t amount, room left,
                          time_point now) {
  expire(now);
  if (accounts_.size() >= tenants_max && accounts_.count(tenant) == 0)
    tenant = 0;
  auto which = open(tenant);
  const auto& theirs = which->second;
  // Those who try again and again want no more than their share by that.
  auto share = share_of(tenant, left.limit);
  auto most = std::max(amount, share - std::min(share, theirs.use));
  set_wanted(which, std::min(theirs.wanted + amount, most), now + wanting_for);
}

void tenant_shares::expire(time_point now) {
  while (!wanting_.empty() && wanting_.begin()->first <= now) {
    auto which = accounts_.find(wanting_.begin()->second);
    set_wanted(which, 0, which->second.until);
    close(which);
  }
}

} // namespace bulwark
