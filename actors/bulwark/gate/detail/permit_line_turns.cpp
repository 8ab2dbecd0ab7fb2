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
  line.waiting.erase(what.id.value);
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
  const auto& [tickets, granted, waiting] = line->second;
  auto own = known->second.ticket;
  if (std::binary_search(tickets.begin(), tickets.end(), own))
    return false;
  auto is_own = std::find(granted.begin(), granted.end(), own) != granted.end();
  return may_go(what, is_own ? 0 : at.ahead);
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

/// The one that was granted for this ticket, or else the first.
/// @pre one was granted
void permit_line::use_granted(group_line& of, uint64_t ticket) {
  auto own = std::find(of.granted.begin(), of.granted.end(), ticket);
  of.granted.erase(own != of.granted.end() ? own : of.granted.begin());
  --granted_;
}

/// Nobody moves up because of that, or those of one gate would pass those of
/// others. Where somebody before it has gone with its permit, whoever lined up
/// last has no place of its own.
void permit_line::give_up_place(group_line& of, const position& whose) {
  auto granted = std::find(of.granted.begin(), of.granted.end(), whose.ticket)
                 != of.granted.end();
  if (granted || of.tickets.empty()) {
    use_granted(of, whose.ticket);
    return defer(whose.what);
  }
  auto own =
    std::lower_bound(of.tickets.begin(), of.tickets.end(), whose.ticket);
  if (own == of.tickets.end() || *own != whose.ticket)
    own = std::prev(of.tickets.end());
  auto ticket = *own;
  of.tickets.erase(own);
  ticket_of_.erase(ticket);
  forget(ticket);
}

void permit_line::left(pending_id id) noexcept {
  auto known = lined_.find(id.value);
  // One that is going is somebody's, who finds that it is too late.
  if (known == lined_.end() || known->second.going)
    return;
  auto which = group_of(known->second.what);
  auto& line = lines_[which];
  line.waiting.erase(id.value);
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
      auto known = lined_.find(*line.waiting.begin());
      defer(known->second.what);
      result.push_back(known->second.what.id);
      line.waiting.erase(line.waiting.begin());
      erase(known);
    }
    it = line.waiting.empty() ? lines_.erase(it) : std::next(it);
  }
  return result;
}

} // namespace bulwark::detail
