#include <bulwark/bulkhead/detail/permit_queue.hpp>

#include <algorithm>

namespace bulwark {

namespace {

/// Puts a value into a set, in the memory of what was taken out before, if
/// anything was.
template <class Set>
void put_in(Set& to, typename Set::node_type&& memory,
            const typename Set::value_type& value) {
  if (memory.empty()) {
    to.insert(value);
    return;
  }
  memory.value() = value;
  to.insert(std::move(memory));
}

} // namespace

uint64_t permit_queue::row_of(const permit_ticket& who) const noexcept {
  return shares_ != nullptr ? who.tenant : 0;
}

double permit_queue::weight_of(uint64_t tenant) const {
  return shares_ != nullptr ? shares_->weight_of(tenant) : 1.0;
}

bool permit_queue::last_first() const noexcept {
  return order_ == queue_order::adaptive_lifo && counted_ * 2 > max_;
}

/// Changes the row of a tenant and puts it where it belongs now. Needs memory
/// only for what it adds: nobody has to stay for want of it.
template <class F>
void permit_queue::change(priority_line& where, uint64_t tenant, F how) {
  auto [at, fresh] = where.rows.try_emplace(tenant);
  auto& which = at->second;
  auto turn = where.turns.extract({which.burden, which.place, tenant});
  auto load = where.loads.extract({which.load, tenant});
  try {
    how(which);
  } catch (...) {
    where.turns.insert(std::move(turn));
    where.loads.insert(std::move(load));
    if (which.all.empty())
      where.rows.erase(at);
    throw;
  }
  if (which.all.empty()) {
    where.rows.erase(at);
    return;
  }
  which.burden = shares_ != nullptr ? shares_->burden(tenant) : 0.0;
  if (fresh)
    which.place = which.all.begin()->first;
  put_in(where.turns, std::move(turn), {which.burden, which.place, tenant});
  if (which.bound.empty())
    return;
  which.load = static_cast<double>(which.bound.size()) / weight_of(tenant);
  put_in(where.loads, std::move(load), {which.load, tenant});
}

const permit_ticket* permit_queue::gives_way(const tenant_row& which) const {
  auto oldest = overflow_ == overflow_policy::drop_oldest;
  return &(oldest ? which.bound.begin() : --which.bound.end())->second->ticket;
}

const permit_ticket* permit_queue::victim(const permit_ticket& arriving) const {
  auto own = static_cast<size_t>(arriving.priority);
  auto refuses = overflow_ == overflow_policy::refuse;
  if (!refuses)
    for (auto i = call_priorities - 1; i > own; --i)
      if (const auto& line = lines_[i]; !line.loads.empty())
        return gives_way(line.rows.at(line.loads.rbegin()->second));
  const auto& line = lines_[own];
  if (line.loads.empty())
    return nullptr;
  auto [most, heaviest] = *line.loads.rbegin();
  auto tenant = row_of(arriving);
  auto known = line.rows.find(tenant);
  auto has = known == line.rows.end() ? 0 : known->second.bound.size();
  if (most > static_cast<double>(has + 1) / weight_of(tenant))
    return gives_way(line.rows.at(heaviest));
  if (refuses)
    return nullptr;
  return gives_way(has > 0 ? known->second : line.rows.at(heaviest));
}

permit_queue::arrival permit_queue::arrive(const permit_ticket& who) {
  arrival result;
  std::optional<permit_key> out;
  if (!who.exempt && counted_ >= max_) {
    const auto* most = victim(who);
    if (most == nullptr)
      return result;
    out = most->key;
  }
  result.waits = true;
  auto number = ++numbers_;
  const auto* at =
    &places_.emplace(who.key, waiting{who, number}).first->second;
  counted_ += who.exempt ? 0 : 1;
  try {
    change(lines_[static_cast<size_t>(who.priority)], row_of(who),
           [&](tenant_row& which) {
             which.all.emplace(number, at);
             if (!who.exempt)
               which.bound.emplace(number, at);
           });
    consumers_.emplace(by_consumer{who.consumer, who.priority, number}, at);
    if (who.expires != time_point::max())
      expiries_.emplace(who.expires, who.key);
  } catch (...) {
    take_out(who.key, false);
    throw;
  }
  // Only now: one that gives way to its own tenant leaves it its place.
  if (out)
    result.dropped = remove(*out);
  return result;
}

const permit_ticket* permit_queue::next() const {
  for (const auto& line : lines_) {
    if (line.turns.empty())
      continue;
    const auto& all = line.rows.at(std::get<2>(*line.turns.begin())).all;
    return &(last_first() ? --all.end() : all.begin())->second->ticket;
  }
  return nullptr;
}

const permit_ticket* permit_queue::first_of(uint32_t consumer) const {
  auto first = consumers_.lower_bound({consumer, call_priority{}, 0});
  return first != consumers_.end() && std::get<0>(first->first) == consumer
           ? &first->second->ticket
           : nullptr;
}

std::optional<permit_ticket> permit_queue::remove(permit_key key) {
  return take_out(key, false);
}

std::optional<permit_ticket> permit_queue::serve(permit_key key) {
  return take_out(key, true);
}

std::optional<permit_ticket> permit_queue::take_out(permit_key key,
                                                    bool served) {
  auto at = places_.find(key);
  if (at == places_.end())
    return std::nullopt;
  auto result = at->second.ticket;
  auto number = at->second.number;
  auto& line = lines_[static_cast<size_t>(result.priority)];
  // Without memory for it, one that arrived got no row.
  if (line.rows.count(row_of(result)) != 0)
    change(line, row_of(result), [&](tenant_row& which) {
      which.all.erase(number);
      which.bound.erase(number);
      if (served)
        which.place = ++numbers_;
    });
  consumers_.erase({result.consumer, result.priority, number});
  counted_ -= result.exempt ? 0 : 1;
  expiries_.erase({result.expires, key});
  places_.erase(at);
  return result;
}

std::vector<permit_ticket> permit_queue::expire(time_point now) {
  std::vector<permit_ticket> result;
  while (!expiries_.empty() && expiries_.begin()->first <= now)
    result.push_back(*remove(permit_key{expiries_.begin()->second}));
  return result;
}

std::vector<permit_ticket> permit_queue::remove_source(uint64_t source) {
  std::vector<permit_ticket> result;
  for (auto at = places_.lower_bound({source, 0});
       at != places_.end() && at->first.source == source;)
    result.push_back(*remove(permit_key{(at++)->first}));
  return result;
}

std::vector<permit_ticket>
permit_queue::remove_if(const std::function<bool(const permit_ticket&)>& gone) {
  // In the order of arrival, as one is told of them.
  std::map<uint64_t, permit_key> found;
  for (const auto& [key, each] : places_)
    if (gone(each.ticket))
      found.emplace(each.number, key);
  std::vector<permit_ticket> result;
  for (const auto& [number, key] : found)
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
                     [](const auto& each) { return !each.rows.empty(); });
}

bool permit_queue::someone_before(call_priority priority,
                                  uint32_t consumer) const {
  const auto* first = first_of(consumer);
  return first != nullptr && first->priority <= priority;
}

void permit_queue::changed(uint64_t tenant) {
  if (shares_ == nullptr)
    return;
  for (auto& line : lines_)
    if (line.rows.count(tenant) != 0)
      change(line, tenant, [](tenant_row&) {});
}

} // namespace bulwark
