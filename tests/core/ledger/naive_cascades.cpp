#include "core/ledger/naive_ledger.hpp"

#include <algorithm>

using namespace bulwark;

namespace {

constexpr int64_t gap = 300'000'000;

std::string parent_of(const std::string& path) {
  auto slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "" : path.substr(0, slash);
}

std::string leaf_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool has(const std::vector<std::string>& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

} // namespace

void naive_ledger::tell_cascades() {
  std::sort(failures_.begin(), failures_.end(),
            [](auto& a, auto& b) { return a.entry < b.entry; });
  for (size_t k = 0; k < failures_.size(); ++k)
    find_cascade(k);
}

void naive_ledger::find_cascade(size_t k) {
  auto& now = failures_[k];
  auto at = entries_[now.entry].at;
  if (k > 0 && at - entries_[failures_[k - 1].entry].at <= gap)
    ++close_failures_;
  for (auto j = k; j-- > 0;) {
    auto& earlier = failures_[j];
    if (at - entries_[earlier.entry].at > gap)
      return;
    auto by = earlier.who == now.who ? cascade_link::none
                                     : link(earlier.who, now.who, now.entry);
    if (by == cascade_link::none)
      continue;
    ++cascades_;
    return join_tree(earlier, now, by);
  }
}

void naive_ledger::join_tree(failure& earlier, failure& later,
                             cascade_link by) {
  auto id = [this](const failure& x) { return stories_.at(x.who).id; };
  auto at = [this](const failure& x) {
    return wall_time{std::chrono::microseconds{entries_[x.entry].at}};
  };
  if (earlier.tree == 0) {
    trees_.push_back({{{id(earlier), at(earlier), 0, cascade_link::none}}, 0});
    earlier.tree = trees_.size();
    earlier.place = 0;
  }
  auto& tree = trees_[earlier.tree - 1];
  later.tree = earlier.tree;
  later.place = cascade_tree::members_max;
  if (earlier.place == cascade_tree::members_max
      || tree.members.size() == cascade_tree::members_max) {
    ++tree.more;
    return;
  }
  later.place = tree.members.size();
  tree.members.push_back({id(later), at(later), earlier.place, by});
}

bool naive_ledger::is_service(const name& who, size_t i) const {
  auto it = stories_.find(who);
  return it != stories_.end() && it->second.service[i];
}

std::string naive_ledger::service_of(const name& who, size_t i) const {
  if (is_service(who, i))
    return who.second;
  auto parent = parent_of(who.second);
  return !parent.empty() && is_service({who.first, parent}, i) ? parent : "";
}

std::vector<std::string>
naive_ledger::declared(const name& who, const char* key, size_t i) const {
  auto path = service_of(who, i);
  std::string value;
  for (size_t j = 0; j <= i; ++j) {
    const auto& what = entries_[j].what;
    if (what.kind != event_kind::service_started || what.node != who.first
        || what.component != path)
      continue;
    value.clear();
    for (const auto& [its_key, told] : what.metadata)
      if (its_key == key)
        value = told;
  }
  std::vector<std::string> result;
  while (!value.empty()) {
    auto end = std::min(value.find(','), value.size());
    result.push_back(value.substr(0, end));
    value.erase(0, end + 1);
  }
  return result;
}

cascade_link naive_ledger::link(const name& a, const name& b, size_t i) const {
  auto same_node = !a.first.empty() && a.first == b.first;
  if (same_node
      && (parent_of(a.second) == b.second || parent_of(b.second) == a.second))
    return cascade_link::none;
  auto deps_a = declared(a, "depends_on", i);
  auto deps_b = declared(b, "depends_on", i);
  auto named = [&](const name& who, const std::vector<std::string>& list) {
    auto service = service_of(who, i);
    return has(list, leaf_of(service.empty() ? who.second : service));
  };
  auto shared = std::any_of(deps_a.begin(), deps_a.end(),
                            [&](auto& x) { return has(deps_b, x); });
  if (named(a, deps_b) || named(b, deps_a) || shared)
    return cascade_link::dependency;
  auto parent = parent_of(a.second);
  if (same_node && parent.rfind('/') != 0 && !parent.empty()
      && parent == parent_of(b.second))
    return cascade_link::supervisor;
  auto bulkhead = declared(a, "bulkhead", i);
  if (same_node && !bulkhead.empty() && bulkhead == declared(b, "bulkhead", i))
    return cascade_link::bulkhead;
  if (a.second == "node/" + b.first || b.second == "node/" + a.first)
    return cascade_link::node;
  return cascade_link::none;
}
