#include <bulwark/gate/detail/permit_line.hpp>

#include <iterator>

// Who of those that are lined up goes, and who leaves.

namespace bulwark::detail {

bool permit_line::may_go(const permit_request& what, size_t ahead) {
  stand_in_line(what);
  auto known = lined_.find(what.id.value);
  if (known == lined_.end() || known->second.going)
    return false;
  auto which = group_of(what);
  auto& line = lines_[which];
  if (line.granted.size() <= ahead)
    return false;
  use_granted(line, known->second.ticket);
  known->second.going = true;
  drop_if_empty(which);
  return true;
}

bool permit_line::may_go_in_turn(const permit_request& what, turn at) {
  if (at.came_back)
    return may_go(what, at.ahead);
  stand_in_line(what);
  auto known = lined_.find(what.id.value);
  auto line = lines_.find(group_of(what));
  if (known == lined_.end() || line == lines_.end())
    return false;
  const auto& granted = line->second.granted;
  auto own = known->second.ticket;
  auto is_own = std::find(granted.begin(), granted.end(), own) != granted.end();
  return is_own && may_go(what);
}

void permit_line::gone(pending_id id) noexcept {
  if (auto known = lined_.find(id.value); known != lined_.end())
    erase(known);
}

void permit_line::could_not_go(pending_id id) noexcept {
  auto known = lined_.find(id.value);
  if (known == lined_.end() || !known->second.going)
    return;
  defer(known->second.what);
  erase(known);
}

/// The one that was granted for this ticket, or else the first, whose owner
/// has this ticket from now on.
/// @pre one was granted
void permit_line::use_granted(group_line& of, uint64_t ticket) {
  auto used = std::find(of.granted.begin(), of.granted.end(), ticket);
  if (used == of.granted.end()) {
    used = of.granted.begin();
    auto other = owner_of_.find(*used)->second;
    lined_.find(other.id.value)->second.ticket = ticket;
    owner_of_.find(ticket)->second = other;
  }
  owner_of_.erase(*used);
  of.granted.erase(used);
  --granted_;
}

/// Nobody moves up because of that, or those of one gate would pass those of
/// others.
void permit_line::give_up_place(group_line& of, const position& whose) {
  auto granted = std::find(of.granted.begin(), of.granted.end(), whose.ticket)
                 != of.granted.end();
  if (granted) {
    use_granted(of, whose.ticket);
    return defer(whose.what);
  }
  std::erase(of.tickets, whose.ticket);
  owner_of_.erase(whose.ticket);
  forget(whose.ticket);
}

void permit_line::left(pending_id id) noexcept {
  auto known = lined_.find(id.value);
  // One that is going is somebody's, who finds that it is too late.
  if (known == lined_.end() || known->second.going)
    return;
  auto which = group_of(known->second.what);
  auto& line = lines_[which];
  give_up_place(line, known->second);
  drop_if_empty(which);
  erase(known);
}

void permit_line::leave_with_permit(pending_id id) {
  auto known = lined_.find(id.value);
  if (known == lined_.end() || !may_go(known->second.what))
    return;
  erase(lined_.find(id.value));
}

std::vector<pending_id> permit_line::return_unused() {
  std::vector<pending_id> result;
  result.reserve(granted_);
  for (auto it = lines_.begin(); granted_ > 0 && it != lines_.end();) {
    auto& line = it->second;
    for (; !line.granted.empty(); line.granted.pop_back()) {
      --granted_;
      auto whose = owner_of_.extract(line.granted.back()).mapped();
      defer(whose);
      result.push_back(whose.id);
      erase(lined_.find(whose.id.value));
    }
    it = line.empty() ? lines_.erase(it) : std::next(it);
  }
  return result;
}

} // namespace bulwark::detail
