#pragma once

#include <bulwark/admin/detail/node_metrics.hpp>
#include <bulwark/metrics/metric_family.hpp>

#include <vector>

namespace bulwark::detail {

/// Adds what is told of each service, but for times.
void add_service_metrics(const node_reading& of,
                         std::vector<metric_family>& to);

/// Adds the times of requests: most of all values.
void add_request_times(const node_reading& of, std::vector<metric_family>& to);

} // namespace bulwark::detail
