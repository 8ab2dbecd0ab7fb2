#include "peers/otp/coverage.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace test::otp {

namespace {

bool is_nested(const peer_case& item) {
  return std::count_if(item.tree.begin(), item.tree.end(),
                       [](const node& child) {
                         return child.kind == node_kind::supervisor;
                       })
         > 1;
}

bool is_disturbed(const peer_case& item) {
  const auto cause = std::find_if(
    item.script.begin(), item.script.end(), [](const action& step) {
      return step.what == verb::die_during || step.what == verb::fail_start;
    });
  return std::any_of(cause, item.script.end(), [](const action& step) {
    return step.what == verb::exit;
  });
}

bool has_significant(const peer_case& item) {
  return std::any_of(item.tree.begin(), item.tree.end(),
                     [](const node& child) { return child.significant; });
}

void count_exits(const peer_case& item, case_coverage& table) {
  for (const auto& step : item.script) {
    if (step.what != verb::exit)
      continue;
    const auto& worker = *find_node(item, step.id);
    const auto& parent = *find_node(item, worker.parent);
    ++table.exits.at(static_cast<size_t>(parent.strategy))
        .at(static_cast<size_t>(worker.restart))
        .at(static_cast<size_t>(step.how));
  }
}

} // namespace

case_coverage coverage(const std::vector<peer_case>& cases) {
  case_coverage table;
  for (const auto& item : cases) {
    ++table.cases;
    table.nested += is_nested(item);
    table.disturbed += is_disturbed(item);
    table.significant += has_significant(item);
    count_exits(item, table);
  }
  return table;
}

bool covers_exits(const case_coverage& table, size_t least) {
  for (const auto& strategy : table.exits)
    for (const auto& restart : strategy)
      for (auto exits : restart)
        if (exits < least)
          return false;
  return true;
}

std::string print(const case_coverage& table) {
  std::ostringstream out;
  out << table.cases << " cases, " << table.nested << " nested, "
      << table.disturbed << " disturbed, " << table.significant
      << " significant\n"
      << std::left << std::setw(32) << "exits" << std::right << std::setw(9)
      << "normal" << std::setw(9) << "shutdown" << std::setw(9) << "error"
      << std::setw(9) << "kill" << '\n';
  constexpr const char* strategies[] = {"one_for_one", "one_for_all",
                                        "rest_for_one", "simple_one_for_one"};
  constexpr const char* restarts[] = {"permanent", "transient", "temporary"};
  for (size_t strategy = 0; strategy < 4; ++strategy) {
    for (size_t restart = 0; restart < 3; ++restart) {
      out << std::left << std::setw(20) << strategies[strategy] << std::setw(12)
          << restarts[restart] << std::right;
      for (auto exits : table.exits[strategy][restart])
        out << std::setw(9) << exits;
      out << '\n';
    }
  }
  return out.str();
}

} // namespace test::otp
