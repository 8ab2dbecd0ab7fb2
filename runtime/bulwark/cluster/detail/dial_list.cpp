#include <bulwark/cluster/detail/dial_list.hpp>
#include <bulwark/supervision/detail/backoff.hpp>

#include <algorithm>

namespace bulwark {

dial_list::target* dial_list::find(const host_port& address) {
  auto it =
    std::find_if(targets_.begin(), targets_.end(),
                 [&](const target& each) { return each.address == address; });
  return it == targets_.end() ? nullptr : &*it;
}

void dial_list::add(const host_port& address, bool join, time_point now) {
  if (auto* known = find(address)) {
    known->join |= join;
    return;
  }
  if (join || targets_.size() < addresses_max)
    targets_.push_back({address, join, false, {}, 0, now});
}

std::vector<host_port> dial_list::take_due(time_point now) {
  std::vector<host_port> result;
  for (auto& each : targets_) {
    if (each.dialling || !each.node.empty() || each.due > now)
      continue;
    each.dialling = true;
    result.push_back(each.address);
  }
  return result;
}

bool dial_list::failed(const host_port& address, time_point now,
                       double unit_random) {
  auto* known = find(address);
  if (known == nullptr)
    return false;
  known->dialling = false;
  known->due = now + backoff_delay(pace_, known->failures, unit_random);
  bool first = known->failures++ == 0;
  if (!known->join && known->failures >= tries_max)
    forget(address);
  return first;
}

void dial_list::connected(const host_port& address, const std::string& node) {
  if (auto* known = find(address)) {
    known->dialling = false;
    known->failures = 0;
    known->node = node;
  }
}

void dial_list::forget(const host_port& address) {
  std::erase_if(targets_,
                [&](const target& each) { return each.address == address; });
}

void dial_list::lost(const std::string& node, time_point now) {
  for (auto& each : targets_) {
    if (each.node != node)
      continue;
    each.node.clear();
    each.due = now;
  }
}

void dial_list::refused(const std::string& node, time_point now,
                        double unit_random) {
  for (auto& each : targets_) {
    if (each.node != node)
      continue;
    each.node.clear();
    each.due = now + backoff_delay(pace_, each.failures++, unit_random);
  }
}

bool dial_list::join_missing() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const auto& each) {
    return each.join && each.node.empty();
  });
}

std::optional<time_point> dial_list::next_due() const {
  std::optional<time_point> result;
  for (const auto& each : targets_)
    if (!each.dialling && each.node.empty() && (!result || each.due < *result))
      result = each.due;
  return result;
}

} // namespace bulwark
