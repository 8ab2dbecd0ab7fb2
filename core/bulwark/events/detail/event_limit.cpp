#include <bulwark/events/detail/event_limit.hpp>

#include <algorithm>
#include <charconv>

namespace bulwark {

namespace {

constexpr const char* count_key = "count";

/// Some events stand for several from the start.
uint64_t count_of(const event& what) {
  uint64_t result = 1;
  for (const auto& [key, value] : what.metadata)
    if (key == count_key)
      std::from_chars(value.data(), value.data() + value.size(), result);
  return std::max<uint64_t>(result, 1);
}

void set_count(event& what, uint64_t count) {
  auto text = std::to_string(count);
  for (auto& [key, value] : what.metadata)
    if (key == count_key) {
      value = std::move(text);
      return;
    }
  if (what.metadata.size() == event::metadata_max)
    what.metadata.pop_back();
  what.with(count_key, std::move(text));
}

} // namespace

bool is_load_driven(event_kind kind) {
  switch (kind) {
  case event_kind::threshold_crossed:
  case event_kind::permits_reclaimed:
  case event_kind::lease_expired:
  case event_kind::connection_leaked:
  case event_kind::task_stuck:
  case event_kind::message_failed:
  case event_kind::dead_letter:
  case event_kind::message_refused:
  case event_kind::peer_refused:
    return true;
  default:
    return false;
  }
}

std::optional<event> event_limit::admit(event what, time_point now) {
  auto& in = *flow_of(what, now);
  if (now >= in.ends && !in.held) {
    in = {now + window, what.level, std::nullopt, 0};
    return what;
  }
  hold(in, std::move(what));
  if (in.held->level <= in.told)
    return std::nullopt;
  return release(in);
}

void event_limit::hold(flow& in, event what) {
  in.stands_for += count_of(what);
  in.held = std::move(what);
}

event event_limit::release(flow& from) {
  auto result = std::move(*from.held);
  from.held.reset();
  if (auto count = std::exchange(from.stands_for, 0); count > 1)
    set_count(result, count);
  from.told = std::max(from.told, result.level);
  return result;
}

event_limit::flow* event_limit::flow_of(const event& what, time_point now) {
  name key{what.component, what.kind};
  auto known = flows_.find(key);
  if (known != flows_.end())
    return &known->second;
  if (flows_.size() >= flows_max)
    std::erase_if(flows_, [now](const auto& each) {
      return now >= each.second.ends && !each.second.held;
    });
  if (flows_.size() >= flows_max)
    key.first.clear();
  return &flows_.try_emplace(std::move(key), flow{.ends = now}).first->second;
}

std::vector<event> event_limit::take_due(time_point now) {
  std::vector<flow*> due;
  for (auto& [key, each] : flows_)
    if (each.held && now >= each.ends)
      due.push_back(&each);
  std::stable_sort(due.begin(), due.end(),
                   [](auto* a, auto* b) { return a->ends < b->ends; });
  std::vector<event> result;
  for (auto* each : due) {
    result.push_back(release(*each));
    each->ends = now + window;
  }
  return result;
}

std::vector<event> event_limit::take_all() {
  std::vector<event> result;
  for (auto& [key, each] : flows_)
    if (each.held)
      result.push_back(release(each));
  return result;
}

std::optional<time_point> event_limit::next_due() const {
  std::optional<time_point> result;
  for (const auto& [key, each] : flows_)
    if (each.held && (!result || each.ends < *result))
      result = each.ends;
  return result;
}

} // namespace bulwark
