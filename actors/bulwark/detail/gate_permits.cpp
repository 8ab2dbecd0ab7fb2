#include <bulwark/detail/gate_permits.hpp>

#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace bulwark::detail {

namespace {

/// The one thing that is asked of a book for the sake of what it changes.
constexpr bool nothing = true;

consumer_seat* seat_of(bulkhead_core& bulkhead, const std::string& service) {
  if (auto* result = bulkhead.lasting_seat(service))
    return result;
  throw std::invalid_argument{"bulkhead " + bulkhead.name() + " has "
                              + std::to_string(permit_book::consumers_max)
                              + " consumers, which is the most; " + service
                              + " can be none of them"};
}

} // namespace

template <class F>
auto gate_permits::ask_book(F f) {
  auto result = bulkhead_->with_book_only(f, debts_.changed);
  if (!debts_.changed.empty())
    owing_.store(true, std::memory_order_release);
  return result;
}

gate_permits::gate_permits(std::shared_ptr<bulkhead_core> bulkhead,
                           const std::string& service)
  : bulkhead_(std::move(bulkhead)),
    seat_(seat_of(*bulkhead_, service)),
    wait_max_(bulkhead_->read_book(
      [](const permit_book& book) { return book.options().queue_timeout; })),
    each_alone_(bulkhead_->read_book([](const permit_book& book) {
      return book.options().order == queue_order::adaptive_lifo;
    })) {}

gate_permits::~gate_permits() {
  if (source_ != 0)
    bulkhead_->remove_source(source_);
}

void gate_permits::set_poke(std::function<void()> poke) {
  source_ = bulkhead_->add_source(std::move(poke));
}

void gate_permits::pay(const debts& all) noexcept {
  for (const auto& each : all.permits)
    give(each);
  bulkhead_->finish(all.changed);
}

gate_permits::debts gate_permits::take_debts() {
  owing_.store(false, std::memory_order_relaxed);
  return std::exchange(debts_, {});
}

gate_permits::group gate_permits::group_of(const wish& what) const noexcept {
  return {what.priority, bulkhead_->fair() ? what.tenant : 0,
          each_alone_ ? what.id.value : 0};
}

bool gate_permits::lined_before(call_priority priority) const noexcept {
  size_t before = 0;
  for (size_t i = 0; i <= static_cast<size_t>(priority); ++i)
    before += lined_by_priority_[i].load(std::memory_order_acquire);
  return before > 0;
}

bool gate_permits::wanted_before(call_priority priority) const {
  for (const auto& [which, line] : lines_)
    if (std::get<call_priority>(which) > priority)
      break;
    else if (!line.tickets.empty())
      return true;
  return false;
}

void gate_permits::add(const wish& what, uint64_t ticket) {
  lined_.emplace(what.id.value, position{what, ticket});
  ++lined_by_priority_[static_cast<size_t>(what.priority)];
  lined_total_.store(lined_.size(), std::memory_order_release);
}

void gate_permits::erase(places::iterator which) {
  --lined_by_priority_[static_cast<size_t>(which->second.what.priority)];
  lined_.erase(which);
  lined_total_.store(lined_.size(), std::memory_order_release);
}

void gate_permits::drop_if_empty(const group& which) {
  auto known = lines_.find(which);
  if (known != lines_.end() && known->second.waiting.empty())
    lines_.erase(known);
}

permit_book::answer gate_permits::line_up(const wish& what, bool exempt,
                                          bool after_others) {
  permit_ticket ticket;
  ticket.key = {source_, ++tickets_};
  ticket.priority = what.priority;
  ticket.consumer = seat_->number;
  ticket.tenant = what.tenant;
  ticket.exempt = exempt;
  auto answer = ask_book([&](permit_book& book, time_point now, auto& changed) {
    ticket.since = now;
    return book.ask(ticket, after_others, now, changed);
  });
  if (answer != permit_book::answer::waits)
    return answer;
  add(what, ticket.key.id);
  ticket_of_.emplace(ticket.key.id, what);
  auto& line = lines_[group_of(what)];
  line.tickets.push_back(ticket.key.id);
  line.waiting.insert(what.id.value);
  return answer;
}

void gate_permits::line_up_with_permit(const wish& what) {
  add(what, 0);
  auto& line = lines_[group_of(what)];
  line.waiting.insert(what.id.value);
  line.granted.push_back(0);
  ++granted_;
}

permit_book::answer gate_permits::stand_in_line(const wish& what, bool exempt) {
  if (knows(what.id))
    return permit_book::answer::waits;
  auto after = exempt ? behind(what.priority) : wanted_before(what.priority);
  auto answer = line_up(what, exempt, after);
  if (answer == permit_book::answer::granted)
    line_up_with_permit(what);
  else if (answer == permit_book::answer::full)
    refused_.emplace_back(what.id.value, errc::bulkhead_full);
  else if (answer == permit_book::answer::isolated)
    refused_.emplace_back(what.id.value, errc::bulkhead_isolated);
  return answer;
}

void gate_permits::fetch() {
  auto granted = ask_book([&](permit_book& book, time_point, auto&) {
    return book.take_granted(source_);
  });
  for (const auto& each : granted) {
    auto whose = ticket_of_.extract(each.key.id);
    if (whose.empty())
      continue;
    auto& line = lines_[group_of(whose.mapped())];
    std::erase(line.tickets, each.key.id);
    line.granted.push_back(each.key.id);
    ++granted_;
  }
}

bool gate_permits::may_go(const wish& what, size_t ahead) {
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

bool gate_permits::may_go_in_turn(const wish& what, turn at) {
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

void gate_permits::gone(pending_id id) {
  if (auto known = lined_.find(id.value); known != lined_.end())
    erase(known);
}

void gate_permits::could_not_go(pending_id id) {
  auto known = lined_.find(id.value);
  if (known == lined_.end() || !known->second.going)
    return;
  owe(known->second.what);
  erase(known);
}

/// The one that was granted for this ticket, or else the first.
/// @pre one was granted
void gate_permits::use_granted(group_line& of, uint64_t ticket) {
  auto own = std::find(of.granted.begin(), of.granted.end(), ticket);
  of.granted.erase(own != of.granted.end() ? own : of.granted.begin());
  --granted_;
}

/// Nobody moves up because of that, or those of one gate would pass those of
/// others. Where somebody before it has gone with its permit, whoever lined up
/// last has no place of its own.
void gate_permits::give_up_place(group_line& of, const position& whose) {
  auto granted = std::find(of.granted.begin(), of.granted.end(), whose.ticket)
                 != of.granted.end();
  if (granted || of.tickets.empty()) {
    use_granted(of, whose.ticket);
    return owe(whose.what);
  }
  auto own =
    std::lower_bound(of.tickets.begin(), of.tickets.end(), whose.ticket);
  if (own == of.tickets.end() || *own != whose.ticket)
    own = std::prev(of.tickets.end());
  auto ticket = *own;
  of.tickets.erase(own);
  ticket_of_.erase(ticket);
  ask_book([&](permit_book& book, time_point now, auto& changed) {
    changed.merge(book.forget({source_, ticket}, now));
    return nothing;
  });
}

void gate_permits::left(pending_id id) {
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

void gate_permits::leave_with_permit(pending_id id) {
  auto known = lined_.find(id.value);
  if (known == lined_.end() || !may_go(known->second.what))
    return;
  erase(lined_.find(id.value));
}

std::vector<std::pair<uint64_t, errc>> gate_permits::take_refused() {
  auto refused = ask_book([&](permit_book& book, time_point, auto&) {
    return book.take_refused(source_);
  });
  auto result = std::exchange(refused_, {});
  for (const auto& [ticket, why] : refused) {
    auto whose = ticket_of_.extract(ticket);
    if (whose.empty())
      continue;
    auto which = group_of(whose.mapped());
    auto& line = lines_[which];
    std::erase(line.tickets, ticket);
    // Who has lined up with it may be on its way with another's permit.
    auto id = whose.mapped().id.value;
    if (line.waiting.erase(id) == 0) {
      id = *line.waiting.rbegin();
      line.waiting.erase(id);
    }
    erase(lined_.find(id));
    result.emplace_back(id, why);
    drop_if_empty(which);
  }
  return result;
}

std::vector<pending_id> gate_permits::return_unused() {
  std::vector<pending_id> result;
  for (auto it = lines_.begin(); granted_ > 0 && it != lines_.end();) {
    auto& line = it->second;
    for (; !line.granted.empty(); line.granted.pop_back()) {
      --granted_;
      auto known = lined_.find(*line.waiting.begin());
      owe(known->second.what);
      result.push_back(known->second.what.id);
      line.waiting.erase(line.waiting.begin());
      erase(known);
    }
    it = line.waiting.empty() ? lines_.erase(it) : std::next(it);
  }
  return result;
}

} // namespace bulwark::detail
