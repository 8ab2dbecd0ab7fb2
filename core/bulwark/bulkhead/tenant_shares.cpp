#include <bulwark/bulkhead/tenant_shares.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

tenant_shares::tenant_shares(const std::map<std::string, double>& weights) {
  for (const auto& [tenant, weight] : weights)
    weights_.emplace(id_of(tenant), weight);
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
uint64_t tenant_shares::id_of(std::string_view tenant) noexcept {
  if (tenant.empty())
    return 0;
  uint64_t result = 0xcbf29ce484222325;
  for (auto c : tenant)
    result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return result == 0 ? 1 : result;
}

double tenant_shares::weight_of(uint64_t tenant) const {
  auto known = weights_.find(tenant);
  return known == weights_.end() ? 1.0 : known->second;
}

bool tenant_shares::may_take(uint64_t tenant, uint64_t amount, uint64_t limit,
                             time_point now) const {
  auto own = weight_of(tenant);
  auto all = own;
  bool contended = false;
  for (const auto& [other, theirs] : accounts_) {
    if (other == tenant)
      continue;
    auto wanting = theirs.wanting_until > now;
    contended |= wanting;
    if (wanting || theirs.use > 0)
      all += weight_of(other);
  }
  if (!contended)
    return true;
  auto share = std::ceil(static_cast<double>(limit) * own / all);
  auto most = std::max<uint64_t>(1, static_cast<uint64_t>(share));
  return use_of(tenant) + amount <= std::max(most, amount);
}

double tenant_shares::burden(uint64_t tenant) const {
  return static_cast<double>(use_of(tenant)) / weight_of(tenant);
}

uint64_t tenant_shares::use_of(uint64_t tenant) const {
  auto known = accounts_.find(tenant);
  return known == accounts_.end() ? 0 : known->second.use;
}

void tenant_shares::took(uint64_t tenant, uint64_t amount) {
  auto& known = accounts_[tenant];
  known.use += amount;
  known.wanting_until = time_point::min();
}

void tenant_shares::gave(uint64_t tenant, uint64_t amount) {
  auto known = accounts_.find(tenant);
  if (known == accounts_.end())
    return;
  known->second.use -= std::min(known->second.use, amount);
  if (known->second.use == 0
      && known->second.wanting_until == time_point::min())
    accounts_.erase(known);
}

void tenant_shares::wants(uint64_t tenant, time_point now) {
  if (accounts_.size() >= tenants_max && accounts_.count(tenant) == 0) {
    forget_idle(now);
    if (accounts_.size() >= tenants_max)
      tenant = 0;
  }
  accounts_[tenant].wanting_until = now + wanting_for;
}

void tenant_shares::forget_idle(time_point now) {
  std::erase_if(accounts_, [now](const auto& each) {
    return each.second.use == 0 && each.second.wanting_until <= now;
  });
}

} // namespace bulwark
