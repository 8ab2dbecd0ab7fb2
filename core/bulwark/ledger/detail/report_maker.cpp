#include <bulwark/ledger/detail/figures.hpp>
#include <bulwark/ledger/detail/report_maker.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

using namespace ledger_clock;

namespace {

closed_hours& at(std::vector<closed_hours>& where, size_t number) {
  if (where.size() <= number)
    where.resize(number + 1);
  return where[number];
}

const closed_hours& hours_at(const std::vector<closed_hours>& where,
                             size_t number, const closed_hours& nothing) {
  return number < where.size() ? where[number] : nothing;
}

availabilities to_availabilities(const std::array<time_shares, 4>& shares) {
  return {availability_of(shares[0]), availability_of(shares[1]),
          availability_of(shares[2]), availability_of(shares[3])};
}

void fill_sums(component_report& told, const outage_sums& sums) {
  told.failures = sums.failures;
  told.recoveries = sums.recoveries;
  told.estimated = sums.estimated;
  told.outages = sums.outages;
  told.mtbf_hours = mtbf_of(sums.outages, sums.first_outage, sums.last_outage);
  told.mttr_minutes = mttr_of(sums.recovery_time, sums.measured);
  if (sums.last_failure != never)
    told.last_failure = to_wall(sums.last_failure);
}

} // namespace

void closed_totals::take(cluster_fold& fold, int64_t first_hour) {
  for (size_t i = 0; i < fold.components.size(); ++i)
    at(components, i).take(fold.components[i].track, first_hour);
  for (size_t i = 0; i < fold.services.size(); ++i)
    at(services, i).take(fold.services[i].track, first_hour);
  system.take(fold.system, first_hour);
}

size_t closed_totals::bytes() const {
  size_t result = system.hours().capacity() * sizeof(track_hour);
  for (const auto* list : {&components, &services})
    for (const auto& each : *list)
      result += sizeof(each) + each.hours().capacity() * sizeof(track_hour);
  return result;
}

report_maker::report_maker(const cluster_fold& fold,
                           const closed_totals& closed,
                           const ledger_names& names, int64_t now,
                           const report_query& query)
  : fold_(fold), closed_(closed), names_(names), now_(now), query_(query) {
  add_components();
  add_services();
  std::sort(rows_.begin(), rows_.end(),
            [](const row& a, const row& b) { return a.told.id < b.told.id; });
}

void report_maker::add_components() {
  for (uint32_t i = 0; i < fold_.components.size(); ++i) {
    const auto& who = fold_.components[i];
    const auto& names = names_.components()[i];
    if (who.track.now == presence::unknown)
      continue;
    row result;
    result.told.id = names_.id_of(i);
    result.told.kind = who.kind;
    result.told.node =
      names_.nodes()[names.itself == no_number ? names.node : names.itself];
    result.told.path = names_.texts()[names.path];
    result.told.condition = condition_of(who, names);
    result.sums = &who.sums;
    result.track = &who.track;
    result.closed = &hours_at(closed_.components, i, nothing_);
    if (who.down_since != never)
      result.told.down_since = to_wall(who.down_since);
    add(std::move(result));
  }
}

void report_maker::add_services() {
  for (uint32_t i = 0; i < fold_.services.size(); ++i) {
    const auto& who = fold_.services[i];
    if (who.track.now == presence::unknown)
      continue;
    row result;
    result.told.path = names_.services()[i];
    result.told.id = "service/" + result.told.path;
    result.told.kind = component_kind::cluster_service;
    result.told.condition =
      who.track.now == presence::down     ? component_condition::failed
      : who.track.now == presence::absent ? component_condition::stopped
      : who.sums.failures > 0             ? component_condition::recovered
                                          : component_condition::healthy;
    result.sums = &who.sums;
    result.track = &who.track;
    result.closed = &hours_at(closed_.services, i, nothing_);
    if (who.track.now == presence::down)
      result.told.down_since = to_wall(who.sums.last_outage);
    add(std::move(result));
  }
}

void report_maker::add(row what) {
  what.told.known_since = to_wall(what.track->known_since);
  what.shares = shares_of(*what.track, *what.closed);
  what.told.availability = to_availabilities(what.shares);
  fill_sums(what.told, *what.sums);
  rows_.push_back(std::move(what));
}

component_condition
report_maker::condition_of(const cluster_fold::component& who,
                           const ledger_names::component& names) const {
  if (who.track.now == presence::absent)
    return component_condition::stopped;
  if (names.itself == no_number && !fold_.nodes[names.node].lost_by.empty())
    return component_condition::unreachable;
  if (who.track.now == presence::down)
    return component_condition::failed;
  return who.sums.failures > 0 ? component_condition::recovered
                               : component_condition::healthy;
}

std::array<time_shares, report_maker::windows>
report_maker::shares_of(const time_track& track,
                        const closed_hours& closed) const {
  using std::chrono::hours;
  const std::array<duration, windows> all{hours{1}, hours{24}, hours{24 * 30},
                                          query_.window};
  std::array<time_shares, windows> result;
  for (size_t i = 0; i < windows; ++i)
    result[i] = shares_within(track, closed, window_begin(now_, all[i]), now_);
  return result;
}

time_shares report_maker::shares_in(const row& what, duration window) const {
  return shares_within(*what.track, *what.closed, window_begin(now_, window),
                       now_);
}

bool report_maker::shown(const component_report& what) const {
  return query_.component.empty() || matches(query_.component, what.id)
         || matches(query_.component, what.path);
}

void report_maker::fill(fault_tolerance_report& report) {
  report.timestamp = to_wall(now_);
  report.window = query_.window;
  report.dropped = fold_.dropped;
  report.warnings = fold_.warnings;
  fill_system(report);
  fill_availability(report);
  report.fault_tolerance_score =
    score_of({report.availability.last_24h, report.mttr_minutes,
              report.mtbf_hours, report.failed_24h, report.known_components});
  fill_patterns(report.patterns);
  for (const auto& each : rows_)
    if (shown(each.told))
      report.components.push_back(each.told);
  fill_budgets(report);
  report.recommendations = recommend(report);
}

void report_maker::fill_system(fault_tolerance_report& report) const {
  outage_sums all;
  for (const auto& each : rows_) {
    if (!is_of_system(each.told.kind))
      continue;
    ++report.known_components;
    report.failed_24h += each.shares[day].down.count() > 0 ? 1 : 0;
    report.total_failures += each.sums->failures;
    report.total_recoveries += each.sums->recoveries;
    report.total_estimated += each.sums->estimated;
    all.merge(*each.sums);
  }
  report.mtbf_hours = mtbf_of(all.outages, all.first_outage, all.last_outage);
  report.mttr_minutes = mttr_of(all.recovery_time, all.measured);
}

void report_maker::fill_availability(fault_tolerance_report& report) const {
  std::array<double, windows> sums{};
  std::array<size_t, windows> known{};
  for (const auto& each : rows_) {
    if (!is_of_system(each.told.kind))
      continue;
    for (size_t i = 0; i < windows; ++i) {
      if ((each.shares[i].up + each.shares[i].down).count() == 0)
        continue;
      sums[i] += availability_of(each.shares[i]);
      ++known[i];
    }
  }
  auto mean = [&](size_t i) {
    return known[i] == 0 ? 100.0 : sums[i] / static_cast<double>(known[i]);
  };
  report.availability = {mean(0), mean(1), mean(2), mean(3)};
  report.all_up = to_availabilities(shares_of(fold_.system, closed_.system));
}

void report_maker::fill_patterns(failure_patterns& patterns) const {
  patterns.by_severity = fold_.by_severity;
  patterns.by_hour = fold_.by_hour;
  for (uint32_t i = 0; i < fold_.by_word.size(); ++i)
    if (fold_.by_word[i] > 0)
      patterns.by_type.emplace(names_.words()[i], fold_.by_word[i]);
  patterns.cascade_failures = fold_.cascades.failures();
  patterns.cascades = fold_.cascades.cascades();
  for (const auto& tree : fold_.cascades.trees()) {
    auto& told = patterns.trees.emplace_back();
    told.more = tree.more;
    for (const auto& each : tree.members)
      told.members.push_back({names_.id_of(each.component), to_wall(each.at),
                              each.after, each.through});
  }
}

} // namespace bulwark
