#include <bulwark/admin/detail/node_metrics.hpp>
#include <bulwark/admin/detail/service_metrics.hpp>
#include <bulwark/options/version.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace bulwark::detail {

namespace {

using family_list = std::vector<metric_family>;

constexpr auto counter = metric_type::counter;
constexpr auto gauge = metric_type::gauge;

constexpr std::array states_of_bulkhead{
  bulkhead_state::available,
  bulkhead_state::allocated,
  bulkhead_state::degraded,
  bulkhead_state::exhausted,
};

constexpr std::array states_of_breaker{
  breaker_state::closed,    breaker_state::open,
  breaker_state::half_open, breaker_state::forced_open,
  breaker_state::disabled,  breaker_state::metrics_only,
};

constexpr std::array<std::string_view, 4> states_of_journal{"off", "working",
                                                            "behind", "failed"};

constexpr std::array phases{node_phase::starting, node_phase::serving,
                            node_phase::draining};

metric_family single(metric_family what, double value) {
  what.add(value);
  return what;
}

void add_node(const node_reading& of, family_list& to) {
  metric_family build{"bulwark_build", "Version of Bulwark.",
                      metric_type::info};
  build.add(1, {{"version", version()}});
  metric_family target{"target", "What is measured.", metric_type::info};
  target.add(1, {{"cluster", of.cluster}, {"node", of.node}});
  metric_family phase{"bulwark_node_phase",
                      "1 for where the node is between start and end."};
  for (auto each : phases)
    phase.add(each == of.phase ? 1 : 0, {{"phase", to_string(each)}});
  to.push_back(std::move(build));
  to.push_back(std::move(target));
  to.push_back(std::move(phase));
}

void add_process(const process_figures& of, family_list& to) {
  auto add = [&](metric_family what, const std::optional<double>& value) {
    if (value)
      to.push_back(single(std::move(what), *value));
  };
  add({"process_cpu_seconds", "CPU time used.", counter, "seconds"},
      of.cpu_seconds);
  add({"process_resident_memory_bytes", "Memory in use.", gauge, "bytes"},
      of.resident_bytes);
  add({"process_virtual_memory_bytes", "Memory mapped.", gauge, "bytes"},
      of.virtual_bytes);
  add({"process_threads", "Threads."}, of.threads);
  add({"process_open_fds", "Descriptors open."}, of.open_descriptors);
  add({"process_max_fds", "Descriptors that may be open."}, of.descriptors_max);
  add({"process_start_time_seconds", "Start, in seconds since 1970.", gauge,
       "seconds"},
      of.start_time_seconds);
}

void add_events(const event_counts& of, family_list& to) {
  auto add = [&](const char* name, const char* help, uint64_t value) {
    to.push_back(single({name, help, counter}, static_cast<double>(value)));
  };
  add("bulwark_events", "Events of all nodes that this one knows.", of.events);
  add("bulwark_events_dropped", "Own events dropped because too many waited.",
      of.dropped);
  add("bulwark_events_malformed",
      "Events of other nodes that were not well-formed.", of.malformed);
}

void add_journal(const journal_figures& of, family_list& to) {
  metric_family state{"bulwark_journal_state",
                      "1 for how the journal gets on with its disk."};
  for (auto each : states_of_journal)
    state.add(each == of.state ? 1 : 0, {{"state", std::string{each}}});
  to.push_back(std::move(state));
  if (!of.stats)
    return;
  auto number = [](auto value) { return static_cast<double>(value); };
  to.push_back(single(
    {"bulwark_journal_waiting_events", "Events that are not on the disk yet."},
    number(of.stats->waiting)));
  to.push_back(single(
    {"bulwark_journal_durable_events", "Events that are on the disk.", counter},
    number(of.stats->durable)));
  metric_family dropped{"bulwark_journal_dropped_events",
                        "Events dropped because too many waited.", counter};
  dropped.add(number(of.stats->dropped_changes), {{"class", "change"}});
  dropped.add(number(of.stats->dropped_failures_and_recoveries),
              {{"class", "failure_or_recovery"}});
  to.push_back(std::move(dropped));
}

void add_breakers(const std::vector<breaker_figures>& of, family_list& to) {
  metric_family state{"bulwark_breaker_state",
                      "1 for what the circuit breaker does."};
  metric_family failures{"bulwark_breaker_failures",
                         "What is counted towards opening."};
  metric_family success{"bulwark_breaker_success_ratio",
                        "Share of the recent calls that succeeded.", gauge,
                        "ratio"};
  for (const auto& [service, it] : of) {
    for (auto value : states_of_breaker)
      state.add(it.state == value ? 1 : 0,
                {{"service", service}, {"state", to_string(value)}});
    failures.add(it.failure_count, {{"service", service}});
    if (it.recent_calls > 0)
      success.add(it.success_rate / 100, {{"service", service}});
  }
  to.push_back(std::move(state));
  to.push_back(std::move(failures));
  to.push_back(std::move(success));
}

void add_bulkheads(const std::vector<bulkhead_stats>& of, family_list& to) {
  metric_family state{"bulwark_bulkhead_state",
                      "1 for what the bulkhead has left."};
  for (const auto& each : of)
    for (auto value : states_of_bulkhead)
      state.add(each.state == value ? 1 : 0,
                {{"bulkhead", each.name}, {"state", to_string(value)}});
  to.push_back(std::move(state));
  auto add = [&](metric_family what, auto figure) {
    for (const auto& each : of)
      what.add(static_cast<double>(figure(each)), {{"bulkhead", each.name}});
    to.push_back(std::move(what));
  };
  using stats = bulkhead_stats;
  add({"bulwark_bulkhead_capacity", "Permits that there are."},
      [](const stats& x) { return x.max_capacity; });
  add({"bulwark_bulkhead_limit", "Permits granted at most at this moment."},
      [](const stats& x) { return x.current_limit; });
  add({"bulwark_bulkhead_in_use", "Permits in use, or set aside."},
      [](const stats& x) { return x.current_usage; });
  add({"bulwark_bulkhead_waiting", "Requests that wait for a permit."},
      [](const stats& x) { return x.queue_length; });
  add({"bulwark_bulkhead_requests", "Requests for permits.", counter},
      [](const stats& x) { return x.usage.total_requests; });
  add({"bulwark_bulkhead_refusals", "Requests that found it full.", counter},
      [](const stats& x) { return x.usage.refusals; });
  add({"bulwark_bulkhead_timeouts", "Requests that waited in vain.", counter},
      [](const stats& x) { return x.usage.timeouts; });
  add(
    {"bulwark_bulkhead_dropped", "Requests that gave way to others.", counter},
    [](const stats& x) { return x.usage.dropped; });
  add({"bulwark_bulkhead_isolated", "Requests turned away by an isolation.",
       counter},
      [](const stats& x) { return x.usage.isolated; });
}

} // namespace

node_reading read_node(const admin_sources& sources) {
  return {.node = sources.node,
          .cluster = sources.cluster,
          .phase = sources.phase(),
          .services = sources.services(),
          .requests = sources.requests(),
          .breakers = sources.breakers(),
          .bulkheads = sources.bulkheads(),
          .journal = sources.journal(),
          .counts = {},
          .ledger = {},
          .process = read_process_figures()};
}

std::vector<metric_family> node_metrics(const node_reading& of) {
  family_list result;
  add_node(of, result);
  add_process(of.process, result);
  add_events(of.counts, result);
  add_journal(of.journal, result);
  add_service_metrics(of, result);
  add_breakers(of.breakers, result);
  add_bulkheads(of.bulkheads, result);
  add_request_times(of, result);
  return result;
}

} // namespace bulwark::detail
