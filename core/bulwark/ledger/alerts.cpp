#include <bulwark/ledger/alerts.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

using option_checks::shown;

alert_rules::alert_rules(std::vector<threshold_rule> rules)
  : rules_(std::move(rules)) {}

std::vector<alert_change>
alert_rules::look(const fault_tolerance_report& report, wall_time now) {
  latest_ = std::max(latest_, now);
  watches holding;
  hold_thresholds(holding, report);
  hold_burns(holding, report);
  std::map<std::string, alert_change> changes;
  for (auto& [id, each] : holding) {
    if (each.raised || latest_ - each.what.since < each.lasts_for)
      continue;
    each.raised = true;
    changes.emplace(id, alert_change{true, each.what});
  }
  for (auto& [id, each] : holding_)
    if (each.raised && holding.count(id) == 0)
      changes.emplace(id, alert_change{false, std::move(each.what)});
  holding_ = std::move(holding);
  std::vector<alert_change> result;
  for (auto& [id, each] : changes)
    result.push_back(std::move(each));
  return result;
}

std::vector<alert> alert_rules::open() const {
  std::vector<alert> result;
  for (const auto& [id, each] : holding_)
    if (each.raised)
      result.push_back(each.what);
  return result;
}

void alert_rules::hold(watches& holding, alert what, duration lasts_for) const {
  auto id = what.id;
  watch now{std::move(what), lasts_for, false};
  now.what.since = latest_;
  if (auto known = holding_.find(id); known != holding_.end()) {
    now.what.since = known->second.what.since;
    // An alert is told of as it was raised.
    if (known->second.raised)
      now = known->second;
  }
  holding.insert_or_assign(std::move(id), std::move(now));
}

void alert_rules::hold_thresholds(watches& holding,
                                  const fault_tolerance_report& report) {
  for (const auto& rule : rules_) {
    if (!holds(rule, report))
      continue;
    alert what;
    what.id = "threshold/" + rule.name;
    what.critical = rule.critical;
    what.figure = *figure_of(report, rule.figure);
    what.words = rule.figure + " is " + shown(what.figure) + ", "
                 + to_string(rule.side) + " " + shown(rule.value);
    if (rule.lasts_for > duration::zero())
      what.words += " for " + to_text(rule.lasts_for);
    hold(holding, std::move(what), rule.lasts_for);
  }
}

void alert_rules::hold_burns(watches& holding,
                             const fault_tolerance_report& report) {
  for (const auto& budget : report.budgets) {
    for (size_t i = 0; i < burn_rules.size(); ++i) {
      if (!budget.burns[i].firing)
        continue;
      const auto& rule = burn_rules[i];
      alert what;
      what.id = std::string{rule.name} + "/" + budget.component;
      what.critical = rule.critical;
      what.figure = budget.burns[i].long_rate;
      what.words = "the error budget of " + budget.component + " burns "
                   + shown(what.figure) + " times as fast as it may over "
                   + to_text(duration{rule.long_window}) + ", limit "
                   + shown(rule.rate_above) + "; objective "
                   + shown(budget.goal.target * 100) + " %";
      hold(holding, std::move(what), duration::zero());
    }
  }
}

} // namespace bulwark
