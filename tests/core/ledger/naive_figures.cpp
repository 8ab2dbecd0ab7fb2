#include "core/ledger/naive_ledger.hpp"

#include <bulwark/ledger/detail/report_maker.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr int64_t hour = 3'600'000'000;

double percent(int64_t up, int64_t down) {
  return up + down <= 0
           ? 100.0
           : 100.0 * static_cast<double>(up) / static_cast<double>(up + down);
}

double mean_gap_hours(std::vector<int64_t> times) {
  if (times.size() < 2)
    return std::numeric_limits<double>::infinity();
  std::sort(times.begin(), times.end());
  int64_t sum = 0;
  for (size_t i = 1; i < times.size(); ++i)
    sum += times[i] - times[i - 1];
  return static_cast<double>(sum) / static_cast<double>(times.size() - 1)
         / 3600e6;
}

double mean_minutes(const std::vector<int64_t>& lengths) {
  int64_t sum = 0;
  for (auto each : lengths)
    sum += each;
  return lengths.empty() ? 0
                         : static_cast<double>(sum)
                             / static_cast<double>(lengths.size()) / 60e6;
}

bool in_system(const component_kind kind) {
  return kind == component_kind::service || kind == component_kind::node
         || kind == component_kind::application;
}

wall_time wall(int64_t at) {
  return wall_time{std::chrono::microseconds{at}};
}

} // namespace

naive_ledger::span naive_ledger::within(const std::vector<how>& was,
                                        duration window) const {
  auto length = std::min<int64_t>(window.count() / 1000, 720 * hour);
  auto begin = now_ - length;
  if (length > 25 * hour)
    begin -= begin % hour;
  span result;
  for (size_t i = 0; i < was.size(); ++i) {
    auto from = std::max(begin, entries_[i].at);
    auto to = i + 1 < was.size() ? entries_[i + 1].at : now_;
    if (to <= from)
      continue;
    if (was[i] == how::up)
      result.up += to - from;
    if (was[i] == how::down)
      result.down += to - from;
  }
  return result;
}

availabilities naive_ledger::shares(const std::vector<how>& was,
                                    duration window) const {
  auto share = [&](duration length) {
    auto [up, down] = within(was, length);
    return percent(up, down);
  };
  return {share(1h), share(24h), share(720h), share(window)};
}

component_report naive_ledger::told(const story& of,
                                    const report_query& query) const {
  component_report result;
  result.id = of.id;
  result.kind = of.kind;
  result.node = of.node;
  result.path = of.path;
  auto known = std::find_if(of.was.begin(), of.was.end(),
                            [](how x) { return x != how::unknown; });
  result.known_since =
    wall(entries_[static_cast<size_t>(known - of.was.begin())].at);
  auto now = of.was.back();
  result.condition = now == how::absent    ? component_condition::stopped
                     : of.unreachable      ? component_condition::unreachable
                     : now == how::down    ? component_condition::failed
                     : of.failures.empty() ? component_condition::healthy
                                           : component_condition::recovered;
  result.failures = of.failures.size();
  result.recoveries = of.recoveries;
  result.estimated = of.estimated;
  result.outages = of.outages.size();
  result.mtbf_hours = mean_gap_hours(of.outages);
  result.mttr_minutes = mean_minutes(of.recovery_times);
  result.availability = shares(of.was, query.window);
  if (!of.failures.empty())
    result.last_failure = wall(of.failures.back());
  if (now == how::down)
    result.down_since = wall(of.down_since);
  return result;
}

fault_tolerance_report naive_ledger::report(const report_query& query) const {
  fault_tolerance_report result;
  result.timestamp = wall(now_);
  result.window = query.window;
  for (const auto& [id, of] : by_id_)
    result.components.push_back(told(*of, query));
  add_system(result, query);
  add_patterns(result);
  add_budgets(result, query);
  add_gaps(result);
  result.recommendations = recommend(result);
  return result;
}

void naive_ledger::add_system(fault_tolerance_report& out,
                              const report_query& query) const {
  std::vector<int64_t> outages;
  std::vector<int64_t> recovery_times;
  for (const auto& [id, of] : by_id_) {
    if (!in_system(of->kind))
      continue;
    ++out.known_components;
    out.failed_24h += within(of->was, 24h).down > 0 ? 1 : 0;
    out.total_failures += of->failures.size();
    out.total_recoveries += of->recoveries;
    out.total_estimated += of->estimated;
    outages.insert(outages.end(), of->outages.begin(), of->outages.end());
    recovery_times.insert(recovery_times.end(), of->recovery_times.begin(),
                          of->recovery_times.end());
  }
  out.mtbf_hours = mean_gap_hours(outages);
  out.mttr_minutes = mean_minutes(recovery_times);
  auto mean = [&](duration window) {
    double sum = 0;
    double n = 0;
    for (const auto& [id, of] : by_id_) {
      auto [up, down] = within(of->was, window);
      if (!in_system(of->kind) || up + down == 0)
        continue;
      sum += percent(up, down);
      n += 1;
    }
    return n == 0 ? 100.0 : sum / n;
  };
  out.availability = {mean(1h), mean(24h), mean(720h), mean(query.window)};
  std::vector<how> system;
  for (size_t i = 0; i < entries_.size(); ++i) {
    auto now = how::unknown;
    for (const auto& [id, of] : by_id_)
      if (of->counts[i])
        now = now == how::down || of->was[i] == how::down ? how::down : how::up;
    system.push_back(now);
  }
  out.all_up = shares(system, query.window);
  auto parts = 0.4 * out.availability.last_24h
               + std::max(0.0, 30 - out.mttr_minutes / 10)
               + std::min(20.0, out.mtbf_hours / 10)
               + (out.known_components == 0
                    ? 10.0
                    : 10.0
                        * (1
                           - static_cast<double>(out.failed_24h)
                               / static_cast<double>(out.known_components)));
  out.fault_tolerance_score = std::min(100.0, std::max(0.0, parts));
}

void naive_ledger::add_patterns(fault_tolerance_report& out) const {
  auto& patterns = out.patterns;
  for (const auto& each : failures_) {
    const auto& [at, what, beginning] = entries_[each.entry];
    ++patterns.by_severity[static_cast<size_t>(what.level)];
    ++patterns.by_type[what.type_word.empty() ? to_string(what.failure)
                                              : what.type_word];
    ++patterns.by_hour[static_cast<size_t>(at / hour % 24)];
  }
  patterns.cascade_failures = close_failures_;
  patterns.cascades = cascades_;
  auto first = trees_.size() > 50 ? trees_.size() - 50 : 0;
  patterns.trees.assign(trees_.begin() + static_cast<ptrdiff_t>(first),
                        trees_.end());
}

void naive_ledger::add_budgets(fault_tolerance_report& out,
                               const report_query& query) const {
  const auto& goal = query.objectives.front();
  for (const auto& each : by_id_) {
    const auto* of = each.second;
    auto named = of->kind == component_kind::cluster_service
                 || of->kind == component_kind::application;
    if (!named || of->path.front() == '/')
      continue;
    auto burns = [&](duration window, double limit) {
      auto down = static_cast<double>(within(of->was, window).down);
      auto whole = static_cast<double>(window.count() / 1000);
      return std::pair{down / (whole * (1 - goal.target)),
                       down > limit * (1 - goal.target) * whole};
    };
    budget_report told;
    told.component = of->id;
    told.goal = goal;
    auto allowed =
      (1 - goal.target) * static_cast<double>(goal.window.count() / 1000);
    told.allowed = std::chrono::microseconds{std::llround(allowed)};
    told.used = std::chrono::microseconds{within(of->was, goal.window).down};
    told.left_share = 1 - static_cast<double>(told.used.count()) / allowed;
    auto rule = [&](duration longer, duration shorter, double limit) {
      auto a = burns(longer, limit);
      auto b = burns(shorter, limit);
      return budget_report::burn{a.first, b.first, a.second && b.second};
    };
    told.burns = {rule(1h, 5min, 14.4), rule(6h, 30min, 6), rule(72h, 6h, 1)};
    out.budgets.push_back(told);
  }
}

void naive_ledger::add_gaps(fault_tolerance_report& out) const {
  std::map<std::pair<std::string, uint64_t>, std::set<uint64_t>> seen;
  for (const auto& each : all_)
    seen[{each.node, each.boot}].insert(each.sequence);
  for (const auto& [origin, numbers] : seen) {
    uint64_t last = 0;
    for (auto number : numbers) {
      if (number > last + 1 && out.gaps.size() < 100)
        out.gaps.push_back({origin.first, origin.second, last + 1, number - 1});
      else if (number > last + 1)
        ++out.gaps_more;
      last = number;
    }
  }
}
