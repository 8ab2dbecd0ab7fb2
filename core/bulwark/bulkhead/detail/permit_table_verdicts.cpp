#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <iterator>
#include <limits>
#include <utility>

namespace bulwark {

namespace {

constexpr uint64_t last_id = std::numeric_limits<uint64_t>::max();

} // namespace

permit_table::standing permit_table::of(permit_key key) const {
  if (queue_.waits(key))
    return standing::waits;
  auto known = verdicts_.find(key);
  return known != verdicts_.end() && !known->second.refused ? standing::granted
                                                            : standing::unknown;
}

bool permit_table::claim(permit_key key) {
  auto known = verdicts_.find(key);
  if (known == verdicts_.end() || known->second.refused)
    return false;
  verdicts_.erase(known);
  return true;
}

permit_table::sources permit_table::forget(permit_key key, time_point now,
                                           parting why) {
  if (auto ticket = queue_.remove(key)) {
    ++(why == parting::late ? counts_.timeouts : counts_.withdrawn);
    touch(ticket->consumer);
    return decide(now);
  }
  auto known = verdicts_.find(key);
  if (known == verdicts_.end())
    return {};
  auto what = known->second;
  verdicts_.erase(known);
  if (what.refused)
    return {};
  return give(what.ticket.consumer, what.ticket.amount, what.ticket.tenant,
              now);
}

permit_table::sources permit_table::forget_source(uint64_t source,
                                                  time_point now) {
  for (const auto& each : queue_.remove_source(source)) {
    ++counts_.withdrawn;
    touch(each.consumer);
  }
  take_refused(source);
  sources changed;
  for (const auto& each : take_granted(source))
    changed.merge(give(each.consumer, each.amount, each.tenant, now));
  changed.merge(decide(now));
  return changed;
}

std::vector<std::pair<uint64_t, errc>>
permit_table::take_refused(uint64_t source) {
  std::vector<std::pair<uint64_t, errc>> result;
  auto it = verdicts_.lower_bound({source, 0});
  auto end = verdicts_.upper_bound({source, last_id});
  result.reserve(static_cast<size_t>(std::distance(it, end)));
  while (it != end) {
    if (!it->second.refused) {
      ++it;
      continue;
    }
    result.emplace_back(it->first.id, *it->second.refused);
    it = verdicts_.erase(it);
  }
  return result;
}

std::vector<permit_ticket> permit_table::take_granted(uint64_t source) {
  std::vector<permit_ticket> result;
  auto it = verdicts_.lower_bound({source, 0});
  auto end = verdicts_.upper_bound({source, last_id});
  // Before anything is taken out, or it would be lost without memory for it.
  result.reserve(static_cast<size_t>(std::distance(it, end)));
  while (it != end) {
    if (it->second.refused) {
      ++it;
      continue;
    }
    result.push_back(it->second.ticket);
    it = verdicts_.erase(it);
  }
  return result;
}

permit_table::sources permit_table::expire(time_point now) {
  sources changed;
  for (const auto& each : queue_.expire(now)) {
    ++counts_.timeouts;
    refuse(each, errc::bulkhead_timeout, changed);
  }
  if (!changed.empty())
    changed.merge(decide(now));
  return changed;
}

} // namespace bulwark
