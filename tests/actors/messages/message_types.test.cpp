#include "support/deterministic_system.hpp"

#include <bulwark/bulkhead/manager_requests.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/events/detail/node_questions.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/quota/cpu_quota_stats.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Sends `what` through CAF's serialiser, as a message, and returns what
/// arrives.
caf::message travel(caf::actor_system& system, const caf::message& what) {
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  auto wrong = out(const_cast<caf::message&>(what));
  if (wrong)
    throw std::runtime_error{system.render(wrong)};
  caf::message result;
  caf::binary_deserializer in{system, bytes};
  wrong = in(result);
  if (wrong)
    throw std::runtime_error{system.render(wrong)};
  return result;
}

event full_event() {
  event x;
  x.kind = event_kind::child_restarted;
  x.level = severity::high;
  x.failure = failure_type::hung;
  x.component = "/root/a";
  x.incarnation = 3;
  x.type_word = "t";
  x.reason = "r";
  x.metadata = {{"k", "v"}, {"l", "w"}};
  x.downtime = 412ms;
  x.node = "alpha";
  x.boot = 9;
  x.sequence = 77;
  x.at = wall_time{123456789us};
  x.booted = wall_time{123us};
  x.uptime = 77s;
  return x;
}

} // namespace

TEST_CASE("every field of an event travels", "[messages]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto sent = full_event();
  auto without = sent;
  without.downtime.reset();
  auto got =
    travel(rig.system(),
           caf::make_message(peer_events{"alpha", 9, 1, {sent, without}}));
  REQUIRE(got.match_elements<peer_events>());
  auto& batch = got.get_as<peer_events>(0);
  CHECK(batch.node == "alpha");
  CHECK(batch.boot == 9);
  REQUIRE(batch.events.size() == 2);
  auto& x = batch.events[0];
  CHECK(x.kind == sent.kind);
  CHECK(x.level == sent.level);
  CHECK(x.failure == sent.failure);
  CHECK(x.component == sent.component);
  CHECK(x.incarnation == 3);
  CHECK(x.reason == "r");
  CHECK(x.metadata == sent.metadata);
  CHECK(x.downtime == 412ms);
  CHECK(x.node == "alpha");
  CHECK(x.boot == 9);
  CHECK(x.sequence == 77);
  CHECK(x.at == sent.at);
  CHECK(x.booted == sent.booted);
  CHECK(x.uptime == sent.uptime);
  CHECK(x.type_word == "t");
  CHECK_FALSE(batch.events[1].downtime.has_value());
}

TEST_CASE("questions and answers travel", "[messages]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  auto arrives = [&](auto what) {
    return travel(system, caf::make_message(what))
      .template match_elements<decltype(what)>();
  };
  CHECK(arrives(child_counts_request{}));
  CHECK(arrives(which_children{}));
  CHECK(arrives(recent_events_request{3, "x"}));
  CHECK(arrives(event_counts_request{}));
  CHECK(arrives(detail::node_question{"/api/view", ""}));
  CHECK(arrives(detail::node_answer{200, "{}"}));
  CHECK(arrives(peer_events_ack{4}));
  CHECK(arrives(peer_positions{"a", 1, 2, {}, true, {{"b", 3, 4}}}));
  CHECK(arrives(fault_tolerance_report_request{}));
  CHECK(arrives(fault_tolerance_report_text{"t"}));
  CHECK(arrives(recent_events{{full_event()}}));
  CHECK(arrives(event_counts{{{"n", "c", 1, 2, 3}}, 6, 1, 2}));
  auto list = travel(
    system, caf::make_message(child_list{
              {{"a", child_kind::supervisor, child_state::failed, 4, 5}}}));
  REQUIRE(list.match_elements<child_list>());
  CHECK(list.get_as<child_list>(0).children.at(0)
        == child_info{"a", child_kind::supervisor, child_state::failed, 4, 5});
  auto counts = travel(system, caf::make_message(child_counts{1, 2, 3, 4}));
  CHECK(counts.get_as<child_counts>(0) == child_counts{1, 2, 3, 4});
}

TEST_CASE("the figures of bulkheads travel", "[messages][bulkhead]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto arrives = [&](auto what) {
    auto got = travel(rig.system(), caf::make_message(what));
    REQUIRE(got.template match_elements<decltype(what)>());
    return got.template get_as<decltype(what)>(0);
  };
  bulkhead_stats stats;
  stats.name = "web_threads";
  stats.kind = bulkhead_kind::thread_pool;
  stats.mode = bulkhead_mode::shadow;
  stats.max_capacity = 20;
  stats.reserved_for_critical = 2;
  stats.warning = 0.5;
  stats.critical = 0.75;
  stats.current_usage = 15;
  stats.current_limit = 18;
  stats.available_capacity = 5;
  stats.utilization_percent = 75;
  stats.state = bulkhead_state::degraded;
  stats.health = bulkhead_health::degraded;
  stats.active_consumers = 1;
  stats.allocations = {{"orders", 15}};
  stats.usage = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  stats.queue_length = 3;
  stats.wait_p50 = 1ms;
  stats.wait_p99 = 2ms;
  stats.isolation = isolation::background;
  stats.draining = true;
  CHECK(arrives(stats) == stats);
  held_allocations held{
    "cache_memory",
    {{"orders_3", "orders", 100, 100.5, wall_time{9us}, 3s}},
    2,
    7};
  CHECK(arrives(held) == held);
  arrives(held_allocations_request{});
  auto health = system_health_of(wall_time{7us}, {stats},
                                 {{"orders", {{"web_threads", 15}}}},
                                 {{"orders", {"web_threads"}}});
  CHECK(arrives(health) == health);
  performance_trends trends;
  trends.time_period_hours = 2;
  trends.metrics_count = 3;
  trends.covered = 4s;
  trends.message = "m";
  trends.bulkhead_trends["web_threads"] = {.min_utilization = 1,
                                           .max_utilization = 2,
                                           .avg_utilization = 3,
                                           .current_utilization = 4,
                                           .trend_direction =
                                             trend_direction::decreasing,
                                           .slope_per_hour = 5,
                                           .metrics_count = 6,
                                           .covered = 7s};
  CHECK(arrives(trends) == trends);
  CHECK(arrives(performance_trends_request{2.5}).hours == 2.5);
  CHECK(arrives(at_bulkhead{"a"}).name == "a");
  arrives(system_health_request{});
  arrives(bulkhead_stats_request{});
}

TEST_CASE("the figures of CPU quotas travel", "[messages][quota]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  CHECK(travel(system, caf::make_message(cpu_quota_stats_request{}))
          .match_elements<cpu_quota_stats_request>());
  cpu_quota_stats sent{.name = "reports",
                       .quota = 20ms,
                       .period = 100ms,
                       .utilization_percent = 125.5,
                       .health = bulkhead_health::exhausted,
                       .usage = 3s,
                       .abandoned_usage = 2s,
                       .nr_periods = 11,
                       .nr_throttled = 12,
                       .throttled_time = 13ms,
                       .overruns = 14,
                       .threads = 15,
                       .threads_at_work = 16};
  auto got = travel(system, caf::make_message(sent));
  REQUIRE(got.match_elements<cpu_quota_stats>());
  CHECK(got.get_as<cpu_quota_stats>(0) == sent);
}

TEST_CASE("a CPU quota is told of like any bulkhead", "[quota]") {
  cpu_quota_stats told{.name = "reports",
                       .quota = 20ms,
                       .period = 100ms,
                       .utilization_percent = 97.5,
                       .health = bulkhead_health::exhausted,
                       .nr_periods = 10,
                       .nr_throttled = 4,
                       .threads = 3};
  auto got = as_bulkhead(told);
  CHECK(got.name == "reports");
  CHECK(got.kind == bulkhead_kind::cpu_quota);
  CHECK(got.max_capacity == 20'000);
  CHECK(got.current_usage == 19'500);
  CHECK(got.available_capacity == 500);
  CHECK(got.utilization_percent == 97.5);
  CHECK(got.state == bulkhead_state::degraded);
  CHECK(got.health == bulkhead_health::exhausted);
  CHECK(got.active_consumers == 3);
  CHECK(got.usage.total_requests == 10);
  CHECK(got.usage.timeouts == 4);
  CHECK(got.usage.successful_acquisitions == 6);
  told.utilization_percent = 250;
  CHECK(as_bulkhead(told).available_capacity == 0);
  CHECK(as_bulkhead(told).state == bulkhead_state::exhausted);
}

TEST_CASE("what changes bulkheads never travels", "[messages][hostile]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  CHECK(travel(system, caf::make_message(allocate_resources{})).empty());
  CHECK(travel(system, caf::make_message(release_service_resources{})).empty());
  CHECK(travel(system, caf::make_message(assign_service{})).empty());
  CHECK(travel(system, caf::make_message(set_monitoring{})).empty());
  CHECK(travel(system, caf::make_message(at_bulkhead{"a"}, resize_bulkhead{}))
          .empty());
}

TEST_CASE("what steers our own actors never travels", "[messages][hostile]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  // CAF 0.17.6 complains on stderr and writes nothing.
  CHECK(travel(system, caf::make_message(detail::stop_actor{})).empty());
  CHECK(travel(system, caf::make_message(detail::child_up{})).empty());
  CHECK(travel(system, caf::make_message(detail::poke{})).empty());
}

// CAF prints what nobody handles and what is refused: a peer chooses the time.
TEST_CASE("times that a peer may send travel and are printed as numbers",
          "[messages]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  for (auto at : {wall_time::min(), wall_time::max(), wall_time{123456789us}}) {
    auto count = std::to_string(at.time_since_epoch().count());
    auto travels = [&](auto what, auto time) {
      what.*time = at;
      CHECK(caf::deep_to_string(what).find(count) != std::string::npos);
      std::vector<char> bytes;
      caf::binary_serializer out{rig.system(), bytes};
      CHECK(out(what) == caf::none);
      what.*time = wall_time{};
      caf::binary_deserializer in{rig.system(), bytes};
      CHECK(in(what) == caf::none);
      CHECK(what.*time == at);
    };
    travels(event{}, &event::at);
    travels(event{}, &event::booted);
    travels(dead_letter{}, &dead_letter::at);
    travels(held_allocation{}, &held_allocation::allocated_at);
    travels(system_health{}, &system_health::timestamp);
    travels(peer_positions{}, &peer_positions::alive);
  }
}
