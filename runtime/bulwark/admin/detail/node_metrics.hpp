#pragma once

#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/admin/detail/ledger_figures.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/metrics/metric_family.hpp>
#include <bulwark/process/detail/process_figures.hpp>

#include <vector>

namespace bulwark::detail {

/// What the metrics of a node are made of, at one moment.
///
/// Immutable after construction.
struct node_reading {
  std::string node;
  std::string cluster;
  node_phase phase = node_phase::starting;
  std::vector<gate_status> services;
  std::vector<service_requests> requests;
  std::vector<breaker_figures> breakers;
  std::vector<bulkhead_stats> bulkheads;
  journal_figures journal;
  event_counts counts;
  figures_by_service ledger;
  process_figures process;
};

/// Returns what `sources` and the kernel tell now, without what the monitor
/// knows.
node_reading read_node(const admin_sources& sources);

/// Returns what `/metrics` answers. Labels are names of services, bulkheads and
/// this node, and words of enumerations: nothing that a client or a restart
/// could make more of. What is of the node comes first, because the last values
/// are the first to be left out.
std::vector<metric_family> node_metrics(const node_reading& of);

} // namespace bulwark::detail
