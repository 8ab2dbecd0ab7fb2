#include <bulwark/bulkhead/detail/permit_holdings.hpp>

namespace bulwark {

void permit_holdings::add(const holding& what) {
  all_.emplace(what.id, what);
  by_holder_.emplace(what.holder, what.id);
  if (what.lease_until != time_point::max())
    by_end_.emplace(what.lease_until, what.id);
}

permit_holdings::holding permit_holdings::take(table::iterator which) {
  auto result = which->second;
  by_holder_.erase({result.holder, result.id});
  by_end_.erase({result.lease_until, result.id});
  all_.erase(which);
  return result;
}

std::optional<permit_holdings::holding>
permit_holdings::release(uint64_t holder, uint64_t id, uint64_t amount) {
  auto known = all_.find(id);
  if (known == all_.end() || known->second.holder != holder
      || amount > known->second.amount)
    return std::nullopt;
  if (amount == 0 || amount == known->second.amount)
    return take(known);
  known->second.amount -= amount;
  auto result = known->second;
  result.amount = amount;
  return result;
}

bool permit_holdings::renew(uint64_t holder, uint64_t id, time_point until) {
  auto known = all_.find(id);
  if (known == all_.end() || known->second.holder != holder)
    return false;
  auto what = take(known);
  what.lease_until = until;
  add(what);
  return true;
}

std::vector<permit_holdings::holding> permit_holdings::leave(uint64_t holder) {
  std::vector<holding> result;
  auto it = by_holder_.lower_bound({holder, 0});
  while (it != by_holder_.end() && it->first == holder) {
    auto id = it->second;
    ++it;
    result.push_back(take(all_.find(id)));
  }
  return result;
}

std::vector<permit_holdings::holding> permit_holdings::expire(time_point now) {
  std::vector<holding> result;
  while (!by_end_.empty() && by_end_.begin()->first <= now)
    result.push_back(take(all_.find(by_end_.begin()->second)));
  return result;
}

std::optional<time_point> permit_holdings::next_expiry() const {
  if (by_end_.empty())
    return std::nullopt;
  return by_end_.begin()->first;
}

void permit_holdings::append_to(std::vector<held_entry>& list) const {
  for (const auto& [id, each] : all_)
    list.push_back(
      {held_entry::kind::permit, each.consumer, id, each.amount, each.since});
}

bool permit_holdings::holds_any(uint64_t holder) const {
  auto it = by_holder_.lower_bound({holder, 0});
  return it != by_holder_.end() && it->first == holder;
}

} // namespace bulwark
