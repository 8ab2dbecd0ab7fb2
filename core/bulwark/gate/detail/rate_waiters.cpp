#include <bulwark/gate/detail/rate_waiters.hpp>

#include <algorithm>
#include <limits>

namespace bulwark {

namespace {

constexpr uint64_t last_id = std::numeric_limits<uint64_t>::max();

constexpr size_t rank(call_priority priority) noexcept {
  return static_cast<size_t>(priority);
}

} // namespace

bool rate_waiters::behind(uint64_t sender, call_priority priority) const {
  auto known = lines_.find(sender);
  if (known == lines_.end())
    return false;
  auto end = known->second.begin() + rank(priority) + 1;
  return std::any_of(known->second.begin(), end,
                     [](auto& each) { return !each.empty(); });
}

time_point rate_waiters::wait(pending_id id, message what) {
  auto added = entry{std::move(what), ++numbers_};
  auto& own = all_.insert_or_assign(id.value, std::move(added)).first->second;
  ++waiting_;
  try {
    auto& before = lines_[own.what.sender];
    auto& turn = own.what.turn;
    // Within one priority the turns only grow.
    for (size_t i = 0; i <= rank(own.what.priority); ++i)
      if (!before[i].empty())
        turn = std::max(turn, before[i].rbegin()->second);
    before[rank(own.what.priority)].emplace(own.number, turn);
    turns_.emplace(turn, id.value);
  } catch (...) {
    remove(id);
    throw;
  }
  return own.what.turn;
}

void rate_waiters::note(pending_id id, std::string tenant) {
  message what;
  what.tenant = std::move(tenant);
  all_.insert_or_assign(id.value, entry{std::move(what), 0});
}

bool rate_waiters::waits(pending_id id) const {
  auto known = all_.find(id.value);
  return known != all_.end() && known->second.number != 0;
}

bool rate_waiters::may_pass(pending_id id, time_point now) const {
  auto known = all_.find(id.value);
  if (known == all_.end() || known->second.number == 0
      || known->second.what.turn > now)
    return false;
  const auto& [what, number] = known->second;
  const auto& before = lines_.at(what.sender);
  auto end = before.begin() + rank(what.priority) + 1;
  return std::all_of(before.begin(), end, [own = number](auto& each) {
    return each.empty() || each.begin()->first >= own;
  });
}

/// It stands in nobody's way any more.
void rate_waiters::leave(entry& who, pending_id id) {
  if (auto known = lines_.find(who.what.sender); known != lines_.end()) {
    known->second[rank(who.what.priority)].erase(who.number);
    if (std::all_of(known->second.begin(), known->second.end(),
                    [](auto& each) { return each.empty(); }))
      lines_.erase(known);
  }
  turns_.erase({who.what.turn, id.value});
  who.number = 0;
  --waiting_;
}

void rate_waiters::pass(pending_id id) {
  leave(all_.at(id.value), id);
}

void rate_waiters::turn_away(pending_id id) {
  auto& who = all_.at(id.value);
  turns_.erase({who.what.turn, id.value});
  who.what.turn = time_point::max();
}

std::optional<rate_waiters::removed> rate_waiters::remove(pending_id id) {
  auto known = all_.find(id.value);
  if (known == all_.end())
    return std::nullopt;
  auto waited = known->second.number != 0;
  if (waited)
    leave(known->second, id);
  removed result{std::move(known->second.what.tenant), waited};
  all_.erase(known);
  return result;
}

bool rate_waiters::any_due(time_point now) const {
  return !turns_.empty() && turns_.begin()->first <= now;
}

std::optional<time_point> rate_waiters::next_after(time_point now) const {
  auto next = turns_.upper_bound({now, last_id});
  return next == turns_.end() ? std::nullopt : std::optional{next->first};
}

} // namespace bulwark
