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
  if (join || make_room())
    targets_.push_back({address, join, false, {}, {}, 0, now});
}

bool dial_list::make_room() {
  if (targets_.size() < addresses_max)
    return true;
  auto worst = targets_.end();
  for (auto it = targets_.begin(); it != targets_.end(); ++it)
    if (!it->join && it->node.empty() && it->failures > 0
        && (worst == targets_.end() || it->failures > worst->failures))
      worst = it;
  if (worst == targets_.end())
    return false;
  targets_.erase(worst);
  return true;
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
  auto slow = !known->join && known->failures >= tries_max;
  known->due = now
               + (slow ? backoff_delay(slow_pace_, known->failures - tries_max,
                                       unit_random)
                       : backoff_delay(pace_, known->failures, unit_random));
  return known->failures++ == 0;
}

void dial_list::connected(const host_port& address, const std::string& node) {
  if (auto* known = find(address)) {
    known->dialling = false;
    known->failures = 0;
    known->node = known->of = node;
  }
}

void dial_list::is_of(const host_port& address, const std::string& node) {
  if (auto* known = find(address))
    known->of = node;
}

void dial_list::moved(const std::string& node, const host_port& address) {
  std::erase_if(targets_, [&](const target& each) {
    return each.of == node && !each.join && each.address != address;
  });
}

void dial_list::forget_node(const std::string& node) {
  std::erase_if(targets_, [&](const target& each) {
    return each.of == node && !each.join;
  });
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
