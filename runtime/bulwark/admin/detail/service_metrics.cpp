#include <bulwark/admin/detail/service_metrics.hpp>
#include <bulwark/metrics/service_counts.hpp>

#include <array>
#include <utility>

namespace bulwark::detail {

namespace {

constexpr std::array states_of_service{
  service_state::up,          service_state::restarting, service_state::failed,
  service_state::unreachable, service_state::stopped,
};

template <class Figure>
void add_figure(const node_reading& of, metric_family what, Figure figure,
                std::vector<metric_family>& to) {
  for (const auto& each : of.services)
    what.add(static_cast<double>(figure(each)), {{"service", each.service}});
  to.push_back(std::move(what));
}

void add_services(const node_reading& of, std::vector<metric_family>& to) {
  metric_family state{"bulwark_service_state",
                      "1 for what clients of the service may expect."};
  for (const auto& each : of.services)
    for (auto value : states_of_service)
      state.add(each.state == value ? 1 : 0,
                {{"service", each.service}, {"state", to_string(value)}});
  to.push_back(std::move(state));
  auto add = [&](const char* name, const char* help, auto figure) {
    add_figure(of, {name, help}, figure, to);
  };
  using status = gate_status;
  add("bulwark_service_replicas", "Replicas declared on this node.",
      [](const status& x) { return x.replicas; });
  add("bulwark_service_replicas_up", "Replicas on this node that are up.",
      [](const status& x) { return x.replicas_up; });
  add("bulwark_service_peers_up", "Other nodes that offer the service.",
      [](const status& x) { return x.peers_up; });
  add("bulwark_service_requests_in_flight",
      "Requests that a replica or another node works on.",
      [](const status& x) { return x.in_flight; });
  add("bulwark_service_requests_waiting", "Messages that wait for a replica.",
      [](const status& x) { return x.waiting; });
}

void add_ends(const std::vector<service_requests>& of,
              std::vector<metric_family>& to) {
  metric_family all{"bulwark_requests",
                    "Requests and sends of this node's clients that ended.",
                    metric_type::counter};
  for (const auto& [service, figures] : of)
    for (const auto& each : figures.outcomes)
      all.add(static_cast<double>(each.count),
              {{"service", service}, {"outcome", each.outcome}});
  to.push_back(std::move(all));
}

void add_groups(const node_reading& of, std::vector<metric_family>& to) {
  metric_family members{"bulwark_group_members",
                        "Replicas on this node of a service with standbys or "
                        "ejection."};
  for (const auto& each : of.services) {
    if (!each.group)
      continue;
    auto add = [&](const char* which, size_t n) {
      members.add(static_cast<double>(n),
                  {{"service", each.service}, {"which", which}});
    };
    add("active", each.group->active_components);
    add("standby", each.group->standby_components);
    add("healthy", each.group->healthy_components);
    add("degraded", each.group->degraded_components);
    add("failed", each.group->failed_components);
    add("recovering", each.group->recovering_components);
    add("ejected", each.group->ejected_components);
  }
  to.push_back(std::move(members));
}

void add_failures(const node_reading& of, std::vector<metric_family>& to) {
  auto sums = counts_by_service(of.counts.components, of.node);
  auto add = [&](const char* name, const char* help,
                 uint64_t service_counts::*which) {
    add_figure(
      of, {name, help, metric_type::counter},
      [&](const gate_status& x) { return sums[x.service].*which; }, to);
  };
  add("bulwark_replica_failures", "Failures of replicas on this node.",
      &service_counts::replica_failures);
  add("bulwark_replica_restarts", "Replicas up again after a failure.",
      &service_counts::replica_restarts);
  add(
    "bulwark_service_failures",
    "Times too few replicas were up on this node, or their supervisor failed.",
    &service_counts::failures);
}

/// Of services that this node knows: others' names are not for it to repeat.
void add_ledger(const node_reading& of, std::vector<metric_family>& to) {
  metric_family up{"bulwark_service_availability_ratio",
                   "Share of the time the service was up in the cluster.",
                   metric_type::gauge, "ratio"};
  metric_family budget{"bulwark_service_budget_left_ratio",
                       "Share of the objective's budget that is left.",
                       metric_type::gauge, "ratio"};
  metric_family burn{"bulwark_service_burn_rate",
                     "How many times as fast as allowed the budget is used."};
  for (const auto& each : of.services) {
    auto known = of.ledger.find(each.service);
    if (known == of.ledger.end())
      continue;
    const auto& it = known->second;
    auto add = [&](double value, const char* window) {
      up.add(value, {{"service", each.service}, {"window", window}});
    };
    add(it.last_1h, "1h");
    add(it.last_24h, "24h");
    add(it.last_30d, "30d");
    if (it.budget_left)
      budget.add(*it.budget_left, {{"service", each.service}});
    for (const auto& [rule, rate] : it.burns)
      burn.add(rate, {{"service", each.service}, {"rule", rule}});
  }
  to.push_back(std::move(up));
  to.push_back(std::move(budget));
  to.push_back(std::move(burn));
}

} // namespace

void add_service_metrics(const node_reading& of,
                         std::vector<metric_family>& to) {
  add_services(of, to);
  add_ends(of.requests, to);
  add_groups(of, to);
  add_failures(of, to);
  add_ledger(of, to);
}

void add_request_times(const node_reading& of, std::vector<metric_family>& to) {
  metric_family times{"bulwark_request_duration_seconds",
                      "Times of one request in "
                        + std::to_string(request_sample_period) + ".",
                      metric_type::histogram, "seconds"};
  for (const auto& [service, figures] : of.requests)
    times.add_histogram(request_time_bounds, figures.times, figures.seconds,
                        {{"service", service}});
  to.push_back(std::move(times));
}

} // namespace bulwark::detail
