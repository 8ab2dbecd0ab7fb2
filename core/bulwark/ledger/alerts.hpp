#pragma once

#include <bulwark/ledger/report.hpp>
#include <bulwark/ledger/threshold_rule.hpp>
#include <bulwark/time/time.hpp>

#include <map>
#include <string>
#include <vector>

namespace bulwark {

/// Something that a person should know of, as long as it lasts.
struct alert {
  /// The same for as long as the rule and the component have their names:
  /// `threshold/NAME`, `burn_1h/service/orders`.
  std::string id;
  bool critical = false;

  /// Figure, limit and what they are of.
  std::string words;
  double figure = 0;

  /// When the rule began to hold.
  wall_time since{};

  friend bool operator==(const alert&, const alert&) = default;
};

struct alert_change {
  bool raised = false;

  /// Of one that is resolved: as it was raised.
  alert what;

  friend bool operator==(const alert_change&, const alert_change&) = default;
};

/// Tells when alerts begin and end: those of threshold rules, and one for each
/// of `burn_rules` that fires for a budget of the report. An alert is raised
/// when its rule has held at every look for as long as it says, and resolved at
/// the first look at which it does not hold, or at which the report no longer
/// has the figure; so give it reports of all components.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one actor.
class alert_rules {
public:
  /// @pre `validate` has no complaint about any, and no two have one name
  explicit alert_rules(std::vector<threshold_rule> rules = {});

  /// Returns what has changed since the last look, in the order of ids.
  [[nodiscard]] std::vector<alert_change>
  look(const fault_tolerance_report& report, wall_time now);

  /// Returns the alerts that last, in the order of ids.
  [[nodiscard]] std::vector<alert> open() const;

private:
  struct watch {
    alert what;
    duration lasts_for{};
    bool raised = false;
  };

  using watches = std::map<std::string, watch>;

  void hold(watches& holding, alert what, duration lasts_for) const;
  void hold_thresholds(watches& holding, const fault_tolerance_report& report);
  void hold_burns(watches& holding, const fault_tolerance_report& report);

  std::vector<threshold_rule> rules_;

  // What holds as of the last look, by id.
  watches holding_;
  wall_time latest_ = wall_time::min();
};

} // namespace bulwark
