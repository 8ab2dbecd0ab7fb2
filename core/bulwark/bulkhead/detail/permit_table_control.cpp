#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <utility>

namespace bulwark {

consumer_account* permit_table::account(const std::string& name, bool lasting) {
  auto* result = account_named(name);
  if (result != nullptr && lasting && !result->tally)
    result->tally = std::make_unique<permit_tally>();
  return result;
}

consumer_account* permit_table::account_named(const std::string& name) {
  auto known = consumer_numbers_.find(name);
  if (known != consumer_numbers_.end())
    return &accounts_[known->second];
  if (accounts_.size() < consumers_max) {
    auto number = static_cast<uint32_t>(accounts_.size());
    accounts_.emplace_back(name, number);
    consumer_numbers_.emplace(name, number);
    return &accounts_.back();
  }
  for (size_t i = 0; i < accounts_.size(); ++i) {
    hand_ = (hand_ + 1) % consumers_max;
    auto& each = accounts_[hand_];
    if (each.tally || each.booked > 0 || each.allotted > 0
        || queue_.first_of(each.number) != nullptr)
      continue;
    consumer_numbers_.erase(each.name);
    consumer_numbers_.emplace(name, each.number);
    each.name = name;
    return &each;
  }
  return nullptr;
}

const consumer_account* permit_table::find(const std::string& name) const {
  auto known = consumer_numbers_.find(name);
  return known == consumer_numbers_.end() ? nullptr : &accounts_[known->second];
}

bool permit_table::allot(consumer_account& whom, uint64_t amount,
                         time_point now, sources& changed) {
  auto normal = call_priority::normal;
  auto free = !turns_away(isolated_, normal) && !queue_.someone_before(normal)
              && counter_.take_slowly(amount, normal);
  if (!free
      && (options_.mode == bulkhead_mode::enforced
          || !counter_.take_over_limit(amount)))
    return false;
  if (whom.allotted == 0)
    whom.allotted_since = now;
  whom.allotted += amount;
  allotted_ += amount;
  idle_ += amount;
  whom.budgeted.store(whom.allotted > 0);
  // Whoever gives back beside the table gave back before this, or comes here.
  counter_.renumber();
  touch(whom.number);
  refuse_hopeless(changed);
  changed.merge(decide(now));
  return true;
}

uint64_t permit_table::unallot(consumer_account& whom, time_point now,
                               sources& changed) {
  auto all = std::exchange(whom.allotted, 0);
  auto unused = all - std::exchange(whom.own, 0);
  allotted_ -= all;
  idle_ -= unused;
  counter_.give(unused);
  whom.budgeted.store(false);
  refuse_hopeless(changed);
  changed.merge(decide(now));
  return all;
}

/// Those who want more than there will be would be next for ever.
void permit_table::refuse_hopeless(sources& changed) {
  for (const auto& each : queue_.remove_if(
         [this](const auto& who) { return who.amount > most_for(who); })) {
    ++counts_.refused;
    refuse(each, errc::bulkhead_full, changed);
  }
}

std::optional<std::string> permit_table::resize(uint64_t capacity,
                                                uint64_t reserved,
                                                time_point now,
                                                sources& changed) {
  auto wanted = options_;
  wanted.capacity = capacity;
  wanted.reserved_for_critical = reserved;
  if (auto complaint = validate(wanted))
    return complaint;
  options_ = wanted;
  if (adaptive_) {
    auto max = std::min<size_t>(adaptive_->options().max, capacity);
    adaptive_->change_bounds(std::min(adaptive_->options().min, max), max);
  }
  watch_.set_capacity(capacity);
  apply_limits();
  refuse_hopeless(changed);
  changed.merge(decide(now));
  return std::nullopt;
}

permit_table::sources permit_table::learn(const latency_sample& sample,
                                          time_point now) {
  sources changed;
  if (!adaptive_ || !adaptive_->record(sample, now))
    return changed;
  apply_limits();
  changed.merge(decide(now));
  return changed;
}

permit_table::sources permit_table::isolate(isolation level, bool draining,
                                            time_point now) {
  sources changed;
  before_flood_.reset();
  isolated_ = level;
  draining_ = draining;
  counter_.set_mark(slow() || !queue_.empty());
  apply_quiet();
  auto out = queue_.remove_if(
    [level](const auto& each) { return turns_away(level, each.priority); });
  for (const auto& each : out) {
    ++counts_.isolated;
    refuse(each, errc::bulkhead_isolated, changed);
  }
  changed.merge(decide(now));
  return changed;
}

bool permit_table::flood(bool close, time_point now, sources& changed) {
  auto before = isolated_;
  if (close ? before == isolation::all : !before_flood_.has_value())
    return false;
  changed = isolate(before_flood_.value_or(isolation::all), false, now);
  if (close)
    before_flood_ = before;
  return true;
}

} // namespace bulwark
