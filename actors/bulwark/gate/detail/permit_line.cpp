#include <bulwark/gate/detail/permit_line.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// The one thing that is asked of a table for the sake of what it changes.
constexpr bool nothing = true;

} // namespace

template <class F>
auto permit_line::ask_table(F f) {
  auto result = of_.bulkhead().with_table_only(f, deferred_.changed);
  if (!deferred_.changed.empty())
    defers_.store(true, std::memory_order_release);
  return result;
}

permit_line::permit_line(permit_limit& of)
  : of_(of),
    wait_max_(of.bulkhead().read_table(
      [](const permit_table& table) { return table.options().queue_timeout; })),
    each_alone_(of.bulkhead().read_table([](const permit_table& table) {
      return table.options().order == queue_order::adaptive_lifo;
    })) {}

void permit_line::perform(const deferred& all) const noexcept {
  for (const auto& each : all.permits)
    of_.give(each);
  of_.bulkhead().finish(all.changed);
}

void permit_line::defer(const permit_request& what) noexcept {
  try {
    deferred_.permits.push_back(what);
    defers_.store(true, std::memory_order_release);
  } catch (...) {
    of_.give(what);
  }
}

permit_line::deferred permit_line::take_deferred() noexcept {
  defers_.store(false, std::memory_order_relaxed);
  return std::exchange(deferred_, {});
}

permit_line::group
permit_line::group_of(const permit_request& what) const noexcept {
  return {what.priority, of_.bulkhead().fair() ? what.tenant : 0,
          each_alone_ ? what.id.value : 0};
}

bool permit_line::lined_before(call_priority priority) const noexcept {
  size_t before = 0;
  for (size_t i = 0; i <= static_cast<size_t>(priority); ++i)
    before += lined_by_priority_[i].load(std::memory_order_acquire);
  return before > 0;
}

bool permit_line::wanted_before(call_priority priority) const {
  for (const auto& [which, line] : lines_)
    if (std::get<call_priority>(which) > priority)
      break;
    else if (!line.tickets.empty())
      return true;
  return false;
}

void permit_line::add(const permit_request& what, uint64_t ticket,
                      bool granted) {
  auto which = group_of(what);
  try {
    lined_.emplace(what.id.value, position{what, ticket});
    owner_of_.emplace(ticket, what);
    auto& line = lines_[which];
    auto n = line.tickets.size() + line.granted.size() + 1;
    if (n > line.granted.capacity())
      line.granted.reserve(2 * n);
    if (granted) {
      line.granted.push_back(ticket);
      ++granted_;
    } else {
      line.tickets.push_back(ticket);
    }
  } catch (...) {
    lined_.erase(what.id.value);
    owner_of_.erase(ticket);
    drop_if_empty(which);
    throw;
  }
  ++lined_by_priority_[static_cast<size_t>(what.priority)];
  lined_total_.store(lined_.size(), std::memory_order_release);
}

void permit_line::erase(places::iterator which) {
  --lined_by_priority_[static_cast<size_t>(which->second.what.priority)];
  lined_.erase(which);
  lined_total_.store(lined_.size(), std::memory_order_release);
}

void permit_line::drop_if_empty(const group& which) {
  auto known = lines_.find(which);
  if (known != lines_.end() && known->second.empty())
    lines_.erase(known);
}

permit_table::answer permit_line::line_up(const permit_request& what,
                                          bool exempt, bool after_others) {
  permit_ticket ticket;
  ticket.key = {of_.source(), ++tickets_};
  ticket.priority = what.priority;
  ticket.consumer = of_.consumer();
  ticket.tenant = what.tenant;
  ticket.exempt = exempt;
  try {
    auto answer =
      ask_table([&](permit_table& table, time_point now, auto& changed) {
        ticket.since = now;
        return table.ask(ticket, after_others, now, changed);
      });
    if (answer == permit_table::answer::waits)
      add(what, ticket.key.id, false);
    return answer;
  } catch (...) {
    forget(ticket.key.id);
    throw;
  }
}

/// Without memory for that the table may grant it: see `fetch`.
void permit_line::forget(uint64_t ticket) noexcept {
  try {
    ask_table([&](permit_table& table, time_point now, auto& changed) {
      changed.merge(table.forget({of_.source(), ticket}, now));
      return nothing;
    });
  } catch (...) {
    // Out of memory.
  }
}

permit_table::answer permit_line::stand_in_line(const permit_request& what,
                                                bool exempt) {
  if (knows(what.id))
    return permit_table::answer::waits;
  auto after = exempt ? behind(what.priority) : wanted_before(what.priority);
  auto answer = line_up(what, exempt, after);
  if (answer == permit_table::answer::granted)
    try {
      line_up_with_permit(what);
    } catch (...) {
      defer(what);
      throw;
    }
  else if (answer == permit_table::answer::full)
    refused_.emplace_back(what.id.value, errc::bulkhead_full);
  else if (answer == permit_table::answer::isolated)
    refused_.emplace_back(what.id.value, errc::bulkhead_isolated);
  return answer;
}

void permit_line::fetch() {
  auto granted = ask_table([&](permit_table& table, time_point, auto&) {
    return table.take_granted(of_.source());
  });
  for (const auto& each : granted) {
    auto whose = owner_of_.find(each.key.id);
    if (whose == owner_of_.end()) {
      // For want of memory nobody noted that ticket, or could give it up.
      defer({{}, each.priority, static_cast<uint32_t>(each.tenant)});
      continue;
    }
    auto& line = lines_[group_of(whose->second)];
    std::erase(line.tickets, each.key.id);
    line.granted.push_back(each.key.id);
    ++granted_;
  }
}

std::vector<std::pair<uint64_t, errc>> permit_line::take_refused() {
  auto refused = ask_table([&](permit_table& table, time_point, auto&) {
    return table.take_refused(of_.source());
  });
  refused_.reserve(refused_.size() + refused.size());
  auto result = std::exchange(refused_, {});
  for (const auto& [ticket, why] : refused) {
    auto whose = owner_of_.extract(ticket);
    if (whose.empty())
      continue;
    auto which = group_of(whose.mapped());
    std::erase(lines_[which].tickets, ticket);
    drop_if_empty(which);
    auto id = whose.mapped().id.value;
    erase(lined_.find(id));
    result.emplace_back(id, why);
  }
  return result;
}

} // namespace bulwark::detail
