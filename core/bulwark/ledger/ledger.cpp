#include <bulwark/ledger/detail/cluster_fold.hpp>
#include <bulwark/ledger/detail/ledger_input.hpp>
#include <bulwark/ledger/detail/report_maker.hpp>
#include <bulwark/ledger/ledger.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace bulwark {

using namespace ledger_clock;

/// What is closed, as a fold at that time, and the marks since then.
class ledger::contents {
public:
  explicit contents(const ledger_options& options) : input_(options) {}

  void add(const event& what) { input_.add(what); }

  void removed(const std::string& node, uint64_t boot, uint64_t from,
               uint64_t to) {
    input_.removed(node, boot, from, to);
  }

  void close_until(int64_t until) {
    if (until <= input_.closed_until())
      return;
    input_.close_until(until, [this](const mark& what) { apply(fold_, what); });
    fold_.write_until(until);
    closed_.take(fold_, hour_of(until - kept));
  }

  void complete_until(const std::string& node, int64_t until) {
    close_until(input_.complete_until(node, until));
  }

  fault_tolerance_report report(int64_t now, const report_query& query) const {
    now = within(now);
    if (input_.closed_until() != never)
      now = std::max(now, input_.closed_until() + exact);
    auto fold = fold_;
    input_.each_until(now, [&](const mark& what) { apply(fold, what); });
    fold.write_until(now);
    fault_tolerance_report result;
    input_.tell(result);
    report_maker{fold, closed_, input_.names(), now, query}.fill(result);
    return result;
  }

  int64_t closed_until() const noexcept { return input_.closed_until(); }

  size_t bytes() const {
    return input_.bytes() + closed_.bytes()
           + fold_.components.capacity() * sizeof(cluster_fold::component)
           + fold_.services.capacity() * sizeof(cluster_fold::service);
  }

private:
  void apply(cluster_fold& fold, const mark& what) const {
    fold.apply(what, input_.names(), input_.origins());
  }

  ledger_input input_;
  cluster_fold fold_;
  closed_totals closed_;
};

ledger::ledger(const ledger_options& options)
  : contents_(std::make_unique<contents>(options)) {}

ledger::~ledger() = default;
ledger::ledger(ledger&&) noexcept = default;
ledger& ledger::operator=(ledger&&) noexcept = default;

void ledger::add(const event& what) {
  contents_->add(what);
}

void ledger::removed(const std::string& node, uint64_t boot, uint64_t from,
                     uint64_t to) {
  contents_->removed(node, boot, from, to);
}

void ledger::complete_until(const std::string& node, wall_time until) {
  contents_->complete_until(node, of(until));
}

fault_tolerance_report ledger::report(wall_time now,
                                      const report_query& query) const {
  return contents_->report(of(now), query);
}

namespace {

report_query without_budgets(duration window = std::chrono::hours{24}) {
  report_query result;
  result.window = window;
  result.objectives.clear();
  return result;
}

const component_report* find(const fault_tolerance_report& report,
                             const std::string& id) {
  for (const auto& each : report.components)
    if (each.id == id)
      return &each;
  return nullptr;
}

} // namespace

double ledger::availability(duration window, wall_time now,
                            const std::string& id) const {
  auto all = report(now, without_budgets(window));
  if (id.empty())
    return all.availability.window;
  const auto* known = find(all, id);
  return known == nullptr ? 100 : known->availability.window;
}

double ledger::mtbf_hours(wall_time now, const std::string& id) const {
  auto all = report(now, without_budgets());
  if (id.empty())
    return all.mtbf_hours;
  const auto* known = find(all, id);
  return known == nullptr ? std::numeric_limits<double>::infinity()
                          : known->mtbf_hours;
}

double ledger::mttr_minutes(wall_time now, const std::string& id) const {
  auto all = report(now, without_budgets());
  if (id.empty())
    return all.mttr_minutes;
  const auto* known = find(all, id);
  return known == nullptr ? 0 : known->mttr_minutes;
}

double ledger::fault_tolerance_score(wall_time now) const {
  return report(now, without_budgets()).fault_tolerance_score;
}

wall_time ledger::closed_until() const noexcept {
  auto until = contents_->closed_until();
  return until == never ? wall_time::min() : to_wall(until);
}

size_t ledger::bytes() const {
  return contents_->bytes();
}

} // namespace bulwark
