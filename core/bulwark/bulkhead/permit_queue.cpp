#include <bulwark/bulkhead/permit_queue.hpp>

#include <algorithm>
#include <limits>

namespace bulwark {

bool permit_queue::last_first() const noexcept {
  return order_ == queue_order::adaptive_lifo && counted_ * 2 > max_;
}

const permit_ticket* permit_queue::victim(call_priority arriving) const {
  if (overflow_ == overflow_policy::refuse)
    return nullptr;
  auto oldest = overflow_ == overflow_policy::drop_oldest;
  for (auto i = call_priorities; i-- > static_cast<size_t>(arriving);) {
    const permit_ticket* found = nullptr;
    auto best = oldest ? std::numeric_limits<uint64_t>::max() : 0;
    for (const auto& [tenant, waiting] : lines_[i])
      for (const auto& [number, ticket] : waiting)
        if (!ticket.exempt && (oldest ? number < best : number >= best)) {
          best = number;
          found = &ticket;
        }
    if (found != nullptr)
      return found;
  }
  return nullptr;
}

permit_queue::arrival permit_queue::arrive(const permit_ticket& who) {
  arrival result;
  if (!who.exempt && counted_ >= max_) {
    const auto* out = victim(who.priority);
    if (out == nullptr)
      return result;
    result.dropped = remove(out->key);
  }
  result.waits = true;
  auto number = ++numbers_;
  lines_[static_cast<size_t>(who.priority)][who.tenant].emplace(number, who);
  places_.emplace(who.key, place{who.priority, who.tenant, number});
  counted_ += who.exempt ? 0 : 1;
  if (who.expires != time_point::max())
    expiries_.emplace(who.expires, who.key);
  return result;
}

const permit_ticket* permit_queue::next(const burden& of) const {
  auto from_behind = last_first();
  for (const auto& tenants : lines_) {
    const permit_ticket* found = nullptr;
    double least = 0;
    uint64_t best = 0;
    for (const auto& [tenant, waiting] : tenants) {
      const auto& [number, ticket] =
        from_behind ? *waiting.rbegin() : *waiting.begin();
      auto weight = of ? of(tenant) : 0.0;
      auto sooner = from_behind ? number > best : number < best;
      if (found == nullptr || weight < least || (weight == least && sooner)) {
        found = &ticket;
        least = weight;
        best = number;
      }
    }
    if (found != nullptr)
      return found;
  }
  return nullptr;
}

const permit_ticket* permit_queue::first_of(uint32_t consumer) const {
  for (const auto& tenants : lines_) {
    const permit_ticket* found = nullptr;
    uint64_t best = 0;
    for (const auto& [tenant, waiting] : tenants)
      for (const auto& [number, ticket] : waiting)
        if (ticket.consumer == consumer && (!found || number < best)) {
          found = &ticket;
          best = number;
        }
    if (found != nullptr)
      return found;
  }
  return nullptr;
}

std::optional<permit_ticket> permit_queue::remove(permit_key key) {
  auto at = places_.find(key);
  if (at == places_.end())
    return std::nullopt;
  auto [where, tenant, number] = at->second;
  auto& tenants = lines_[static_cast<size_t>(where)];
  auto waiting = tenants.find(tenant);
  auto ticket = waiting->second.find(number);
  auto result = ticket->second;
  waiting->second.erase(ticket);
  if (waiting->second.empty())
    tenants.erase(waiting);
  places_.erase(at);
  counted_ -= result.exempt ? 0 : 1;
  auto [first, last] = expiries_.equal_range(result.expires);
  auto due = std::find_if(first, last,
                          [&](const auto& each) { return each.second == key; });
  if (due != last)
    expiries_.erase(due);
  return result;
}

std::vector<permit_ticket> permit_queue::expire(time_point now) {
  std::vector<permit_ticket> result;
  while (!expiries_.empty() && expiries_.begin()->first <= now)
    result.push_back(*remove(expiries_.begin()->second));
  return result;
}

std::vector<permit_ticket>
permit_queue::remove_if(const std::function<bool(const permit_ticket&)>& gone) {
  std::vector<permit_key> found;
  for (const auto& tenants : lines_)
    for (const auto& [tenant, waiting] : tenants)
      for (const auto& [number, ticket] : waiting)
        if (gone(ticket))
          found.push_back(ticket.key);
  std::vector<permit_ticket> result;
  for (auto key : found)
    result.push_back(*remove(key));
  return result;
}

std::optional<time_point> permit_queue::next_expiry() const {
  if (expiries_.empty())
    return std::nullopt;
  return expiries_.begin()->first;
}

bool permit_queue::someone_before(call_priority priority) const noexcept {
  auto end = lines_.begin() + static_cast<ptrdiff_t>(priority) + 1;
  return std::any_of(lines_.begin(), end,
                     [](const auto& each) { return !each.empty(); });
}

} // namespace bulwark
