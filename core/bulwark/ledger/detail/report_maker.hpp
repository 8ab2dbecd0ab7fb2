#pragma once

#include <bulwark/ledger/detail/cluster_fold.hpp>
#include <bulwark/ledger/detail/ledger_names.hpp>
#include <bulwark/ledger/detail/time_track.hpp>
#include <bulwark/ledger/ledger_options.hpp>
#include <bulwark/ledger/report.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace bulwark {

/// The hours that a ledger has closed, by the numbers of a `cluster_fold`.
struct closed_totals {
  std::vector<closed_hours> components;
  std::vector<closed_hours> services;
  closed_hours system;

  /// Moves what `fold` has written here. Hours before `first_hour` are dropped.
  void take(cluster_fold& fold, int64_t first_hour);

  [[nodiscard]] size_t bytes() const;
};

/// Computes the figures of a report from a fold that is written up to now.
/// Lives for one report.
class report_maker {
public:
  report_maker(const cluster_fold& fold, const closed_totals& closed,
               const ledger_names& names, int64_t now,
               const report_query& query);

  /// Fills in all but gaps, late and refused.
  void fill(fault_tolerance_report& report);

private:
  // The windows of `availabilities`, in their order.
  static constexpr size_t windows = 4;
  static constexpr size_t day = 1;

  struct row {
    component_report told;
    const outage_sums* sums = nullptr;
    const time_track* track = nullptr;
    const closed_hours* closed = nullptr;
    std::array<time_shares, windows> shares{};
  };

  void add_components();
  void add_services();
  void add(row what);
  void fill_system(fault_tolerance_report& report) const;
  void fill_availability(fault_tolerance_report& report) const;
  void fill_patterns(failure_patterns& patterns) const;
  void fill_budgets(fault_tolerance_report& report) const;
  budget_report budget_of(const row& what, const objective& goal) const;
  component_condition condition_of(const cluster_fold::component& who,
                                   const ledger_names::component& names) const;
  std::array<time_shares, windows> shares_of(const time_track& track,
                                             const closed_hours& closed) const;
  time_shares shares_in(const row& what, duration window) const;
  bool shown(const component_report& what) const;

  const cluster_fold& fold_;
  const closed_totals& closed_;
  const ledger_names& names_;
  int64_t now_;
  const report_query& query_;
  closed_hours nothing_;
  std::vector<row> rows_;
};

/// Returns what the figures of the report say to do, one for each rule that
/// fires: availability over 24 h below 99.9 %, mean recovery time above 15 min,
/// a component with more than 5 failures, one with a mean recovery time above
/// 30 min, cascades.
[[nodiscard]] std::vector<recommendation>
recommend(const fault_tolerance_report& report);

} // namespace bulwark
