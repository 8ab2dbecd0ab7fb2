// What is said of a length of time where files, command lines and code give
// it; what `validate` says of each field of the options of core is in
// tests/core/durations.test.cpp.

#include "runtime/node/started_node.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/options/detail/compartment_fields.hpp>
#include <bulwark/options/detail/policy_fields.hpp>
#include <bulwark/pool/connection_pool_settings.hpp>
#include <bulwark/pool/detail/wait_max.hpp>
#include <bulwark/pool/thread_pool.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::StartsWith;
using test::complaint_of;
using test::node_by_hand;

namespace {

const std::vector<duration> far_away{duration::max(), option_duration_max + 1ns,
                                     duration{-1}, duration::min()};

bool is_length(const std::string& shown) {
  return shown.ends_with("s") || shown.ends_with("m") || shown.ends_with("h");
}

/// Tells each field that is a length of time that it is too long.
template <class Settings>
size_t walk(const Settings& defaults) {
  size_t lengths = 0;
  for (const auto& field : detail::fields_of<Settings>()) {
    auto shown = field.get(defaults);
    if (!is_length(shown) || shown.find_first_of("0123456789") != 0)
      continue;
    ++lengths;
    CAPTURE(field.name);
    for (const auto* text : {"99999999h", "8761h", "99999999999999999999s"}) {
      auto changed = defaults;
      CHECK(field.set(changed, text) == "it must be at most 8760h long");
      CHECK(field.get(changed) == shown);
    }
  }
  return lengths;
}

} // namespace

TEST_CASE("a length that is too large is told that, not the format",
          "[options]") {
  CHECK(walk(service_settings{}) == 35);
  CHECK(walk(bulkhead_options{}) == 4);
  CHECK(walk(cpu_quota_options{}) == 4);
  CHECK(walk(load_shedding_choice{}) == 5);
}

TEST_CASE("setters of a service refuse a length where it is given",
          "[options]") {
  node_by_hand node;
  auto what = node.it.service("orders", test::echo);
  for (auto value : far_away) {
    CHECK_THAT(complaint_of([&] { what.reports_ready(value); }),
               StartsWith("service orders: ready_within is "));
    CHECK_THAT(complaint_of([&] { what.hung_after(value); }),
               StartsWith("service orders: hung_after is "));
    CHECK_THAT(complaint_of([&] { what.timeout(value); }),
               StartsWith("service orders: gate.timeout is "));
    CHECK_THAT(complaint_of([&] { what.restart({.shutdown = value}); }),
               StartsWith("service orders: restart.shutdown is "));
    CHECK_THAT(complaint_of([&] { what.supervisor({.period = value}); }),
               StartsWith("service orders: supervisor.period is "));
    CHECK_THAT(
      complaint_of([&] { what.on_failure({{.cause = "", .period = value}}); }),
      StartsWith("service orders: on_failure of \"\": period is "));
  }
  CHECK_THAT(complaint_of([&] { what.replicas(65); }),
             StartsWith("service orders: replicas is 65; it must be "));
  CHECK_THAT(complaint_of([&] { what.min_healthy(0); }),
             StartsWith("service orders: min_healthy is 0; it must be "));
}

TEST_CASE("settings of pools, supervisors and managers refuse one too",
          "[options]") {
  for (auto value : far_away) {
    thread_pool_settings threads{.name = "web"};
    threads.wait = value;
    CHECK_THAT(validate(threads).value_or(""), StartsWith("pool.wait is "));
    threads = {.name = "web", .shutdown = value};
    CHECK_THAT(validate(threads).value_or(""), StartsWith("pool.shutdown is "));
    connection_pool_settings connections{.name = "db"};
    connections.connections.wait = value;
    CHECK_THAT(validate(connections).value_or(""),
               StartsWith("connections.wait is "));
    supervisor_settings tree;
    tree.path = "/root";
    tree.abandon_after = value;
    CHECK_THAT(validate(tree).value_or(""),
               StartsWith("supervisor.abandon_after is "));
    bulkhead_manager_options manager{.sample_every = value,
                                     .now = [] { return wall_time{}; }};
    CHECK_THAT(validate(manager).value_or(""),
               StartsWith("bulkheads.sample_every is "));
  }
}

TEST_CASE("a pool waits no longer for all than for one who asks", "[options]") {
  thread_pool_settings threads{.name = "web", .wait = pool_wait_max};
  CHECK(validate(threads) == std::nullopt);
  threads.wait += 1ns;
  CHECK_THAT(validate(threads).value_or(""), StartsWith("pool.wait is "));
  connection_pool_settings connections{.name = "db"};
  connections.connections.wait = pool_wait_max + 1ns;
  CHECK_THAT(validate(connections).value_or(""),
             StartsWith("connections.wait is "));
}
