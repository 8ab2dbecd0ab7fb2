// `ready_within` took the largest duration there is: `now` plus it was in the
// past, and a child that was slow to start was killed at once. Here every
// length of time that an option may have is walked through.

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/pool/connection_options.hpp>
#include <bulwark/pool/worker_options.hpp>
#include <bulwark/quota/cpu_quota_options.hpp>
#include <bulwark/supervision/failure_rule.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using complaint = std::optional<std::string>;

/// A field, and what is said where it has that value, alone in its options.
struct field {
  std::string name;
  std::function<complaint(duration)> judge;
};

template <class Options, class Member>
field of(const std::string& name, Member member, Options options = {}) {
  return {name, [=](duration value) {
            auto changed = options;
            std::invoke(member, changed) = value;
            return validate(changed);
          }};
}

template <class Member>
field of_child(const std::string& name, Member member) {
  return {name, [=](duration value) {
            child_policy changed;
            std::invoke(member, changed) = value;
            return validate(changed, supervisor_policy{});
          }};
}

std::vector<field> policies() {
  using ro = restart_options;
  using go = gate_options;
  return {
    of<ro>("restart.initial", &ro::initial),
    of<ro>("restart.max", &ro::max),
    of<ro>("restart.reset_after", &ro::reset_after),
    of<ro>("restart.period", &ro::period),
    of<ro>("restart.cool_down", &ro::cool_down),
    of<ro>("restart.cool_down_max", &ro::cool_down_max),
    of<ro>("restart.shutdown", &ro::shutdown),
    of<supervisor_options>("supervisor.period", &supervisor_options::period),
    of<go>("gate.timeout", &go::timeout),
    of<go>("gate.grace", &go::grace),
    of<go>("gate.stash_wait", &go::stash_wait),
    of_child("child.ready_within", &child_policy::ready_within),
    of_child("child.hung_after", &child_policy::hung_after),
    of<supervisor_policy>("supervisor.abandon_after",
                          &supervisor_policy::abandon_after),
    {"on_failure of \"\": period",
     [](duration value) {
       return validate(std::vector{failure_rule{.cause = "", .period = value}});
     }},
  };
}

std::vector<field> compartments() {
  using bo = bulkhead_options;
  using ao = adaptive_options;
  using fl = load_shedding_options;
  using qo = cpu_quota_options;
  return {
    of<bo>("bulkhead.queue_timeout", &bo::queue_timeout, {.queue = 1}),
    of<bo>("bulkhead.rate_wait", &bo::rate_wait, {.rate = rate_options{}}),
    of<rate_options>("rate.period", &rate_options::period),
    of<ao>("adaptive.healthy_latency", &ao::healthy_latency),
    of<ao>("adaptive.window", &ao::window),
    of<ao>("adaptive.window_max", &ao::window_max),
    of<ao>("adaptive.latency_min", &ao::latency_min),
    of<ao>("adaptive.aimd.timeout",
           [](ao& o) -> duration& { return o.aimd.timeout; }),
    of<fl>("load_shedding.run_queue_delay", &fl::run_queue_delay),
    of<fl>("load_shedding.close_after", &fl::close_after),
    of<fl>("load_shedding.reopen_after", &fl::reopen_after),
    of<fl>("load_shedding.reopen_after_max", &fl::reopen_after_max),
    of<fl>("load_shedding.steady_after", &fl::steady_after),
    of<qo>("cpu.quota", &qo::quota),
    of<qo>("cpu.period", &qo::period),
    of<qo>("cpu.overrun_after", &qo::overrun_after),
    of<qo>("cpu.pause_max", &qo::pause_max),
  };
}

std::vector<field> pools() {
  using co = connection_options;
  using wo = worker_options;
  return {
    of<co>("connections.wait", &co::wait),
    of<co>("connections.open_timeout", &co::open_timeout),
    of<co>("connections.validate_timeout", &co::validate_timeout),
    of<co>("connections.close_timeout", &co::close_timeout),
    of<co>("connections.backoff_initial", &co::backoff_initial),
    of<co>("connections.backoff_max", &co::backoff_max),
    of<co>("connections.validate_after", &co::validate_after),
    of<co>("connections.idle_max", &co::idle_max),
    of<co>("connections.age_max", &co::age_max),
    of<co>("connections.leak_after", &co::leak_after),
    of<co>("connections.take_back_after", &co::take_back_after),
    of<wo>("threads.idle_max", &wo::idle_max),
    of<wo>("threads.stuck_after", &wo::stuck_after),
  };
}

std::vector<field> all() {
  auto result = policies();
  for (const auto& more : {compartments(), pools()})
    result.insert(result.end(), more.begin(), more.end());
  return result;
}

} // namespace

TEST_CASE("a length of time that no option may have is refused by name",
          "[validate]") {
  for (const auto& each : all())
    for (auto value : {duration::max(), option_duration_max + 1ns, duration{-1},
                       duration::min()}) {
      CAPTURE(each.name, value.count());
      auto said = each.judge(value).value_or("accepted");
      CHECK_THAT(said, Catch::StartsWith(each.name + " is "));
      CHECK_THAT(said, Catch::Contains("; it must be "));
    }
}
