#include <bulwark/gate/detail/gate_permits.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace bulwark::detail {

namespace {

/// The one thing that is asked of a table for the sake of what it changes.
constexpr bool nothing = true;

consumer_account* seat_of(bulkhead_core& bulkhead, const std::string& service) {
  if (auto* result = bulkhead.lasting_account(service))
    return result;
  throw std::invalid_argument{"bulkhead " + bulkhead.name() + " has "
                              + std::to_string(permit_table::consumers_max)
                              + " consumers, which is the most; " + service
                              + " can be none of them"};
}

} // namespace

template <class F>
auto gate_permits::ask_table(F f) {
  auto result = bulkhead_->with_book_only(f, debts_.changed);
  if (!debts_.changed.empty())
    owing_.store(true, std::memory_order_release);
  return result;
}

gate_permits::gate_permits(std::shared_ptr<bulkhead_core> bulkhead,
                           const std::string& service)
  : bulkhead_(std::move(bulkhead)),
    account_(seat_of(*bulkhead_, service)),
    wait_max_(bulkhead_->read_book(
      [](const permit_table& table) { return table.options().queue_timeout; })),
    each_alone_(bulkhead_->read_book([](const permit_table& table) {
      return table.options().order == queue_order::adaptive_lifo;
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

void gate_permits::owe(const wish& what) noexcept {
  try {
    debts_.permits.push_back(what);
    owing_.store(true, std::memory_order_release);
  } catch (...) {
    give(what);
  }
}

gate_permits::debts gate_permits::take_debts() noexcept {
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
  auto which = group_of(what);
  try {
    lined_.emplace(what.id.value, position{what, ticket});
    auto& line = lines_[which];
    line.waiting.insert(what.id.value);
    if (auto n = line.waiting.size(); n > line.granted.capacity())
      line.granted.reserve(2 * n);
    if (ticket == 0) {
      line.granted.push_back(0);
      ++granted_;
    } else {
      line.tickets.push_back(ticket);
      ticket_of_.emplace(ticket, what);
    }
  } catch (...) {
    lined_.erase(what.id.value);
    if (auto known = lines_.find(which); known != lines_.end()) {
      known->second.waiting.erase(what.id.value);
      std::erase(known->second.tickets, ticket);
    }
    drop_if_empty(which);
    throw;
  }
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

permit_table::answer gate_permits::line_up(const wish& what, bool exempt,
                                           bool after_others) {
  permit_ticket ticket;
  ticket.key = {source_, ++tickets_};
  ticket.priority = what.priority;
  ticket.consumer = account_->number;
  ticket.tenant = what.tenant;
  ticket.exempt = exempt;
  try {
    auto answer =
      ask_table([&](permit_table& table, time_point now, auto& changed) {
        ticket.since = now;
        return table.ask(ticket, after_others, now, changed);
      });
    if (answer == permit_table::answer::waits)
      add(what, ticket.key.id);
    return answer;
  } catch (...) {
    forget(ticket.key.id);
    throw;
  }
}

/// Without memory for that the table may grant it: see `fetch`.
void gate_permits::forget(uint64_t ticket) noexcept {
  try {
    ask_table([&](permit_table& table, time_point now, auto& changed) {
      changed.merge(table.forget({source_, ticket}, now));
      return nothing;
    });
  } catch (...) {
    // Out of memory.
  }
}

permit_table::answer gate_permits::stand_in_line(const wish& what,
                                                 bool exempt) {
  if (knows(what.id))
    return permit_table::answer::waits;
  auto after = exempt ? behind(what.priority) : wanted_before(what.priority);
  auto answer = line_up(what, exempt, after);
  if (answer == permit_table::answer::granted)
    try {
      line_up_with_permit(what);
    } catch (...) {
      owe(what);
      throw;
    }
  else if (answer == permit_table::answer::full)
    refused_.emplace_back(what.id.value, errc::bulkhead_full);
  else if (answer == permit_table::answer::isolated)
    refused_.emplace_back(what.id.value, errc::bulkhead_isolated);
  return answer;
}

void gate_permits::fetch() {
  auto granted = ask_table([&](permit_table& table, time_point, auto&) {
    return table.take_granted(source_);
  });
  for (const auto& each : granted) {
    auto whose = ticket_of_.extract(each.key.id);
    if (whose.empty()) {
      // For want of memory nobody noted that ticket, or could give it up.
      owe({{}, each.priority, static_cast<uint32_t>(each.tenant)});
      continue;
    }
    auto& line = lines_[group_of(whose.mapped())];
    std::erase(line.tickets, each.key.id);
    line.granted.push_back(each.key.id);
    ++granted_;
  }
}

std::vector<std::pair<uint64_t, errc>> gate_permits::take_refused() {
  auto refused = ask_table([&](permit_table& table, time_point, auto&) {
    return table.take_refused(source_);
  });
  refused_.reserve(refused_.size() + refused.size());
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

} // namespace bulwark::detail
