#include "core/bulkhead/naive_table.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

using namespace bulwark;

namespace test {

namespace {

constexpr auto nobody = static_cast<size_t>(-1);

} // namespace

bool naive_table::slow() const {
  return options_.fair || draining_ || isolated_ != isolation::none;
}

uint64_t naive_table::limit(call_priority priority) const {
  return options_.capacity
         - (priority == call_priority::critical
              ? 0
              : options_.reserved_for_critical);
}

uint64_t naive_table::allotted() const {
  uint64_t sum = 0;
  for (const auto& [number, each] : accounts)
    sum += each.allotted;
  return sum;
}

uint64_t naive_table::idle() const {
  uint64_t sum = 0;
  for (const auto& [number, each] : accounts)
    sum += each.allotted - each.own;
  return sum;
}

uint64_t naive_table::use() const {
  uint64_t sum = allotted();
  for (const auto& [number, each] : accounts)
    sum += each.use - each.own;
  return sum;
}

uint64_t naive_table::most_for(const ticket& who) {
  auto all = limit(who.priority);
  return accounts[who.consumer].allotted
         + (all > allotted() ? all - allotted() : 0);
}

tenant_shares::room naive_table::room(const ticket& who) {
  auto all = limit(who.priority);
  auto own = accounts[who.consumer].allotted - accounts[who.consumer].own;
  auto others = idle() - own;
  return {all > others ? all - others : 0,
          (all > use() ? all - use() : 0) + own};
}

bool naive_table::may_go(const ticket& who, bool behind, time_point now) {
  const auto& account = accounts[who.consumer];
  auto own = who.amount <= account.allotted - account.own;
  auto before = [&](const ticket& each) {
    return each.priority <= who.priority
           && (!own || each.consumer == who.consumer);
  };
  if (behind || std::any_of(waiting_.begin(), waiting_.end(), before))
    return false;
  return !options_.fair
         || shares_.may_take(who.tenant, who.amount, room(who), now);
}

bool naive_table::take(const ticket& who) {
  auto& account = accounts[who.consumer];
  auto own = std::min(who.amount, account.allotted - account.own);
  if (own < who.amount && use() + who.amount - own > limit(who.priority))
    return false;
  account.own += own;
  account.use += who.amount;
  return true;
}

void naive_table::grant(const ticket& who) {
  shares_.took(who.tenant, who.amount);
}

naive_table::answer naive_table::turn_away(const ticket& who, answer why) {
  if (options_.mode == bulkhead_mode::enforced)
    return why;
  accounts[who.consumer].use += who.amount;
  grant(who);
  return answer::granted;
}

naive_table::answer naive_table::ask(const ticket& who, bool behind,
                                     time_point now) {
  if (turns_away(isolated_, who.priority))
    return turn_away(who, answer::isolated);
  if (who.amount > most_for(who))
    return turn_away(who, answer::full);
  if (may_go(who, behind, now) && take(who)) {
    grant(who);
    decide();
    return answer::granted;
  }
  if (options_.fair)
    shares_.wants(who.tenant, who.amount, room(who), now);
  if (options_.mode == bulkhead_mode::shadow)
    return turn_away(who, answer::full);
  auto bound = std::count_if(waiting_.begin(), waiting_.end(),
                             [](const auto& each) { return !each.exempt; });
  if (!who.exempt && static_cast<size_t>(bound) >= options_.queue) {
    auto out = victim(who);
    if (out == nobody)
      return turn_away(who, answer::full);
    refused[waiting_[out].key] = errc::bulkhead_full;
    waiting_.erase(waiting_.begin() + static_cast<ptrdiff_t>(out));
  }
  waiting_.push_back(who);
  if (turn_number(who) == turns_.size())
    turns_.push_back(turn_of(who));
  decide();
  return answer::waits;
}

bool naive_table::try_take(uint32_t consumer, uint64_t amount,
                           call_priority priority) {
  if (marked() || use() + amount > limit(priority))
    return false;
  accounts[consumer].use += amount;
  return true;
}

void naive_table::give(uint32_t consumer, uint64_t amount, uint64_t tenant) {
  auto& account = accounts[consumer];
  account.use -= amount;
  account.own = std::min(account.own, account.use);
  shares_.gave(tenant, amount);
  decide();
}

size_t naive_table::of_tenant(uint64_t tenant, call_priority priority) const {
  return static_cast<size_t>(
    std::count_if(waiting_.begin(), waiting_.end(), [&](const auto& each) {
      return !each.exempt && each.priority == priority
             && (!options_.fair || each.tenant == tenant);
    }));
}

double naive_table::burden(const ticket& who) const {
  return options_.fair ? shares_.burden(who.tenant) : 0;
}

double naive_table::load(const ticket& who) const {
  auto weight = options_.fair ? shares_.weight_of(who.tenant) : 1;
  return static_cast<double>(of_tenant(who.tenant, who.priority)) / weight;
}

/// Of the lowest priority, of the tenant that has most, the first or the last.
size_t naive_table::victim(const ticket& arriving) const {
  auto result = nobody;
  auto oldest = options_.overflow == overflow_policy::drop_oldest;
  auto rank = [&](const ticket& who) {
    return std::tuple{who.priority, load(who), options_.fair ? who.tenant : 0};
  };
  for (size_t i = 0; i < waiting_.size(); ++i) {
    const auto& each = waiting_[i];
    auto out_of_question = options_.overflow == overflow_policy::refuse
                             ? each.priority != arriving.priority
                             : each.priority < arriving.priority;
    if (each.exempt || out_of_question)
      continue;
    if (result == nobody || rank(each) > rank(waiting_[result])
        || (rank(each) == rank(waiting_[result]) && !oldest))
      result = i;
  }
  if (result == nobody || waiting_[result].priority != arriving.priority)
    return result;
  auto weight = options_.fair ? shares_.weight_of(arriving.tenant) : 1;
  auto own = of_tenant(arriving.tenant, arriving.priority);
  if (load(waiting_[result]) > static_cast<double>(own + 1) / weight)
    return result;
  if (options_.overflow == overflow_policy::refuse)
    return nobody;
  if (own == 0)
    return result;
  auto is_own = [&](const ticket& each) {
    return !each.exempt && each.priority == arriving.priority
           && (!options_.fair || each.tenant == arriving.tenant);
  };
  auto first = std::find_if(waiting_.begin(), waiting_.end(), is_own);
  auto last = std::find_if(waiting_.rbegin(), waiting_.rend(), is_own);
  return static_cast<size_t>(oldest ? first - waiting_.begin()
                                    : waiting_.rend() - last - 1);
}

size_t naive_table::next() const {
  if (waiting_.empty())
    return nobody;
  // The first of all, by priority, what its tenant has, its turn, and arrival.
  size_t result = 0;
  auto rank = [this](const ticket& who) {
    return std::tuple{who.priority, burden(who), turn_number(who)};
  };
  for (size_t i = 1; i < waiting_.size(); ++i)
    if (rank(waiting_[i]) < rank(waiting_[result]))
      result = i;
  auto bound = std::count_if(waiting_.begin(), waiting_.end(),
                             [](const auto& each) { return !each.exempt; });
  if (options_.order == queue_order::fifo
      || static_cast<size_t>(bound) * 2 <= options_.queue)
    return result;
  for (size_t i = result + 1; i < waiting_.size(); ++i)
    if (waiting_[i].priority == waiting_[result].priority
        && (!options_.fair || waiting_[i].tenant == waiting_[result].tenant))
      result = i;
  return result;
}

naive_table::turn naive_table::turn_of(const ticket& who) const {
  return {who.priority, options_.fair ? who.tenant : 0};
}

size_t naive_table::turn_number(const ticket& who) const {
  return static_cast<size_t>(
    std::find(turns_.begin(), turns_.end(), turn_of(who)) - turns_.begin());
}

/// Those of whom nobody waits any more.
void naive_table::forget_turns() {
  std::erase_if(turns_, [this](const auto& each) {
    return std::none_of(waiting_.begin(), waiting_.end(),
                        [&](const auto& who) { return turn_of(who) == each; });
  });
}

void naive_table::serve(size_t which) {
  auto who = waiting_[which];
  waiting_.erase(waiting_.begin() + static_cast<ptrdiff_t>(which));
  std::erase(turns_, turn_of(who));
  turns_.push_back(turn_of(who));
  grant(who);
  granted.emplace(who.key, who);
}

bool naive_table::serve_one() {
  forget_turns();
  if (auto first = next(); first != nobody && take(waiting_[first])) {
    serve(first);
    return true;
  }
  for (const auto& [consumer, account] : accounts) {
    auto first = nobody;
    for (size_t i = 0; i < waiting_.size(); ++i)
      if (waiting_[i].consumer == consumer
          && (first == nobody
              || waiting_[i].priority < waiting_[first].priority))
        first = i;
    if (first == nobody
        || waiting_[first].amount > account.allotted - account.own)
      continue;
    take(waiting_[first]);
    serve(first);
    return true;
  }
  return false;
}

void naive_table::decide() {
  while (serve_one())
    ;
}

template <class F>
void naive_table::turn_out(errc why, F whom) {
  for (const auto& each : waiting_)
    if (whom(each))
      refused[each.key] = why;
  std::erase_if(waiting_, whom);
}

void naive_table::forget(permit_key which) {
  std::erase_if(waiting_, [&](const auto& each) { return each.key == which; });
  refused.erase(which);
  if (auto known = granted.find(which); known != granted.end()) {
    auto what = known->second;
    granted.erase(known);
    give(what.consumer, what.amount, what.tenant);
  }
  decide();
}

void naive_table::forget_source(uint64_t source) {
  std::erase_if(waiting_,
                [&](const auto& each) { return each.key.source == source; });
  std::erase_if(refused,
                [&](const auto& each) { return each.first.source == source; });
  auto had = granted;
  for (const auto& [key, what] : had)
    if (key.source == source)
      forget(key);
  decide();
}

void naive_table::expire(time_point now) {
  turn_out(errc::bulkhead_timeout,
           [=](const auto& each) { return each.expires <= now; });
  decide();
}

bool naive_table::allot(uint32_t consumer, uint64_t amount) {
  auto normal = call_priority::normal;
  auto someone =
    std::any_of(waiting_.begin(), waiting_.end(),
                [=](const auto& each) { return each.priority <= normal; });
  auto free = !someone && !turns_away(isolated_, normal)
              && use() + amount <= limit(normal);
  if (!free && options_.mode == bulkhead_mode::enforced)
    return false;
  accounts[consumer].allotted += amount;
  turn_out(errc::bulkhead_full,
           [this](const auto& who) { return who.amount > most_for(who); });
  decide();
  return true;
}

uint64_t naive_table::unallot(uint32_t consumer) {
  auto all = std::exchange(accounts[consumer].allotted, 0);
  accounts[consumer].own = 0;
  turn_out(errc::bulkhead_full,
           [this](const auto& who) { return who.amount > most_for(who); });
  decide();
  return all;
}

void naive_table::resize(uint64_t capacity, uint64_t reserved) {
  options_.capacity = capacity;
  options_.reserved_for_critical = reserved;
  turn_out(errc::bulkhead_full,
           [this](const auto& who) { return who.amount > most_for(who); });
  decide();
}

void naive_table::isolate(isolation level, bool draining) {
  isolated_ = level;
  draining_ = draining;
  turn_out(errc::bulkhead_isolated,
           [=](const auto& each) { return turns_away(level, each.priority); });
  decide();
}

bool naive_table::drained() {
  if (!draining_ || use() > idle())
    return false;
  draining_ = false;
  return true;
}

} // namespace test
