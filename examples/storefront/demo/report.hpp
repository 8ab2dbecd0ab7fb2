#pragma once

#include "demo/audit.hpp"
#include "demo/log_watch.hpp"
#include "demo/outage_table.hpp"
#include "demo/tally.hpp"

#include <string>
#include <vector>

namespace storefront {

/// How one service fared.
struct service_record {
  std::string service;

  /// How often the demo made it crash.
  int crashes = 0;

  service_log log;

  /// How long it was away with its node.
  bulwark::duration away{};
};

/// All that the demo found out.
struct demo_record {
  totals counts;
  audit_result audit;
  std::vector<service_record> services;

  /// In the order of time.
  std::vector<outage_row> outages;

  /// What did not go as promised, a line each.
  std::vector<std::string> problems;
};

/// Returns the requests without answer or cut, and the orders and payments
/// that were answered with 2xx and are not in the database.
int64_t lost(const demo_record& record);

/// Adds a problem for each promise that the figures break.
void judge(demo_record& record);

/// Returns the summary in lines for a person.
std::string summary(const demo_record& record);

} // namespace storefront
