#include <bulwark/detail/seat_table.hpp>

#include <utility>

namespace bulwark::detail {

void seat_table::add(child_key key, seat what) {
  auto at = all_.emplace_hint(all_.end(), key, std::move(what));
  by_id_.insert(&*at);
}

void seat_table::erase(map::const_iterator who) {
  if (who->second.state == child_state::up)
    --up_;
  by_id_.erase(&*who);
  all_.erase(who);
}

void seat_table::clear() {
  by_id_.clear();
  all_.clear();
  up_ = 0;
}

std::optional<child_key> seat_table::key_of(std::string_view id) const {
  auto it = by_id_.find(id);
  if (it == by_id_.end())
    return std::nullopt;
  return (*it)->first;
}

void seat_table::enter(seat& who, child_state state, const caf::error& reason,
                       child_next next) {
  if (who.state == child_state::up)
    --up_;
  if (state == child_state::up)
    ++up_;
  detail::enter(who, state, reason, next);
}

} // namespace bulwark::detail
