#include <bulwark/ledger/detail/report_maker.hpp>

#include <cmath>

namespace bulwark {

namespace {

// A name is that of a service of the cluster or of an application's component,
// a path that of a service on a node.
bool measures(const objective& goal, const component_report& what) {
  auto by_path = goal.service.front() == '/';
  auto is_path = what.path.front() == '/';
  auto has_objective = what.kind == component_kind::service
                       || what.kind == component_kind::cluster_service
                       || what.kind == component_kind::application;
  return has_objective && by_path == is_path
         && matches(goal.service, what.path);
}

} // namespace

void report_maker::fill_budgets(fault_tolerance_report& report) const {
  std::vector<objective> goals;
  for (const auto& each : query_.objectives)
    if (!validate(each))
      goals.push_back(each);
  for (const auto& each : rows_) {
    if (each.told.path.empty() || !shown(each.told))
      continue;
    for (const auto& goal : goals) {
      if (!measures(goal, each.told))
        continue;
      report.budgets.push_back(budget_of(each, goal));
      break;
    }
  }
}

budget_report report_maker::budget_of(const row& what,
                                      const objective& goal) const {
  using std::chrono::microseconds;
  budget_report result;
  result.component = what.told.id;
  result.goal = goal;
  auto window = static_cast<double>(ledger_clock::of(goal.window));
  auto allowed = (1 - goal.target) * window;
  result.allowed = microseconds{std::llround(allowed)};
  result.used = shares_in(what, goal.window).down;
  result.left_share = 1 - static_cast<double>(result.used.count()) / allowed;
  for (size_t i = 0; i < burn_rules.size(); ++i) {
    const auto& rule = burn_rules[i];
    auto down_long = shares_in(what, rule.long_window).down;
    auto down_short = shares_in(what, rule.short_window).down;
    auto above = [&](microseconds down, microseconds within) {
      return burns_above(down, within, goal.target, rule.rate_above);
    };
    result.burns[i] = {burn_rate_of(down_long, rule.long_window, goal.target),
                       burn_rate_of(down_short, rule.short_window, goal.target),
                       above(down_long, rule.long_window)
                         && above(down_short, rule.short_window)};
  }
  return result;
}

} // namespace bulwark
