// The metrics of a node that runs, read by a second, strict reading of both
// formats.

#include "runtime/admin/admin_fixture.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/admin/detail/ledger_figures.hpp>
#include <bulwark/admin/detail/node_metrics.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/metrics/metrics_text.hpp>
#include <bulwark/options/version.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <set>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

const http_fields wants_openmetrics{
  {"Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}};

/// Services `echo`, in the bulkhead `small`, and `elsewhere`.
struct shop_node : admin_node {
  explicit shop_node(::test::arguments more = {})
    : admin_node(std::move(more)) {
    it.bulkhead("small", {.capacity = 7});
    it.service("echo", positive_echo)
      .replicas(2)
      .restart({.initial = 1ms, .intensity = 1000})
      .bulkhead("small")
      .uses_optional("elsewhere");
    core.start();
    REQUIRE(becomes_ready());
    // Figures of a report are kept for a while, and so must be complete.
    REQUIRE(eventually([this] {
      return get("/api/report").body.find("service/echo") != std::string::npos;
    }));
  }

  /// Returns whether it was answered.
  bool call(int x, const std::string& tenant = {}) {
    caf::scoped_actor self{it.system()};
    auto good = false;
    self->request(it.gate("echo"), 10s, call_options{.tenant = tenant}, x)
      .receive([&](int) { good = true; }, [](const caf::error&) {});
    return good;
  }
};

std::set<std::string> series_of(const metrics_reading& what) {
  std::set<std::string> result;
  for (const auto& [series, value] : what.values)
    result.insert(series);
  return result;
}

} // namespace

TEST_CASE("both formats are what their readers want, and tell the same",
          "[admin][metrics]") {
  shop_node node;
  auto plain_reply = node.get("/metrics");
  CHECK(plain_reply.status == 200);
  CHECK(plain_reply.field("content-type")
        == "text/plain; version=0.0.4; charset=utf-8");
  auto open_reply = node.get("/metrics", wants_openmetrics);
  CHECK(open_reply.field("content-type")
        == "application/openmetrics-text; version=1.0.0; charset=utf-8");
  auto plain = read_metrics(plain_reply.body, false);
  auto open = read_metrics(open_reply.body, true);
  CHECK(series_of(plain) == series_of(open));
  CHECK(plain.types.size() == open.types.size());
  CHECK(open.types.at("bulwark_build") == "info");
  CHECK(plain.types.at("bulwark_build_info") == "gauge");
  CHECK(open.types.at("process_cpu_seconds") == "counter");
  CHECK_THROWS_AS(read_metrics(plain_reply.body, true), metrics_fault);
  CHECK_THROWS_AS(read_metrics(open_reply.body, false), metrics_fault);
}

TEST_CASE("metrics tell of node, services and bulkheads", "[admin][metrics]") {
  shop_node node{{"--name=alpha", "--cluster=shop"}};
  auto it = node.metrics();
  auto build = "bulwark_build_info{version=\"" + std::string{version()} + "\"}";
  CHECK(it.at(build) == 1);
  CHECK(it.at("target_info{cluster=\"shop\",node=\"alpha\"}") == 1);
  CHECK(it.at("bulwark_node_phase{phase=\"serving\"}") == 1);
  CHECK(it.at("bulwark_node_phase{phase=\"draining\"}") == 0);
  CHECK(it.at("bulwark_journal_state{state=\"off\"}") == 1);
  CHECK(it.at("bulwark_service_state{service=\"echo\",state=\"up\"}") == 1);
  CHECK(it.at("bulwark_service_state{service=\"echo\",state=\"failed\"}") == 0);
  CHECK(it.at("bulwark_service_state{service=\"elsewhere\","
              "state=\"unreachable\"}")
        == 1);
  CHECK(it.at("bulwark_service_replicas{service=\"echo\"}") == 2);
  CHECK(it.at("bulwark_service_replicas_up{service=\"echo\"}") >= 1);
  CHECK(it.at("bulwark_service_replicas{service=\"elsewhere\"}") == 0);
  CHECK(it.at("bulwark_service_requests_in_flight{service=\"echo\"}") == 0);
  CHECK(it.at("bulwark_bulkhead_capacity{bulkhead=\"small\"}") == 7);
  CHECK(it.at("bulwark_bulkhead_state{bulkhead=\"small\",state=\"available\"}")
        == 1);
  CHECK(it.at("bulwark_events_total") > 3);
  CHECK(it.at("bulwark_events_dropped_total") == 0);
  CHECK(it.at("bulwark_service_availability_ratio{service=\"echo\","
              "window=\"24h\"}")
        <= 1);
  CHECK(it.at("bulwark_service_budget_left_ratio{service=\"echo\"}") <= 1);
  CHECK(it.at("bulwark_series_left_out") == 0);
  CHECK(it.at("process_resident_memory_bytes") > 1e6);
  CHECK(it.at("process_start_time_seconds") > 1e9);
}

TEST_CASE("crashes are counted by service, and counters only grow",
          "[admin][metrics]") {
  shop_node node;
  auto failures = "bulwark_replica_failures_total{service=\"echo\"}";
  auto restarts = "bulwark_replica_restarts_total{service=\"echo\"}";
  auto before = node.metrics();
  CHECK(before.at(failures) == 0);
  CHECK(before.at(restarts) == 0);
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(node.call(-1));
  CHECK(
    admin_node::eventually([&] { return node.metrics().at(restarts) == 3; }));
  auto after = node.metrics();
  CHECK(after.at(failures) == 3);
  CHECK(after.at("bulwark_replica_failures_total{service=\"elsewhere\"}") == 0);
  CHECK(after.at("bulwark_bulkhead_requests_total{bulkhead=\"small\"}") >= 3);
  for (const auto& [series, value] : before.values)
    if (before.types.count(series.substr(0, series.find('{'))) != 0
        && before.types.at(series.substr(0, series.find('{'))) == "counter") {
      CAPTURE(series);
      CHECK(after.at(series) >= value);
    }
}

TEST_CASE("requests are counted by what their clients got",
          "[admin][metrics]") {
  shop_node node;
  auto of = [](const std::string& outcome) {
    return "bulwark_requests_total{service=\"echo\",outcome=\"" + outcome
           + "\"}";
  };
  auto before = node.metrics();
  CHECK(before.at(of("ok")) == 0);
  CHECK(before.at(of("error")) == 0);
  CHECK(before.values.count(of("service_crashed")) == 0);
  for (int i = 1; i <= 320; ++i)
    REQUIRE(node.call(i));
  CHECK_FALSE(node.call(-1));
  CHECK_FALSE(node.call(-1));
  auto after = node.metrics();
  CHECK(after.at(of("ok")) == 320);
  CHECK(after.at(of("error")) == 0);
  CHECK(after.at(of("service_crashed")) == 2);
  // One in 32, give or take.
  auto timed = "bulwark_request_duration_seconds_count{service=\"echo\"}";
  CHECK(after.at(timed) >= 2);
  CHECK(after.at(timed) <= 40);
  CHECK(after.at("bulwark_request_duration_seconds_sum{service=\"echo\"}") > 0);
  CHECK(after.types.at("bulwark_request_duration_seconds") == "histogram");
}

TEST_CASE("no client and no restart makes a series more", "[admin][metrics]") {
  shop_node node;
  REQUIRE(node.call(1));
  // Each word for an outcome is there once something ended so.
  REQUIRE_FALSE(node.call(-1));
  auto before = series_of(node.metrics());
  for (int i = 0; i < 200; ++i)
    node.call(i % 40 == 0 ? -1 : i, "tenant-" + std::to_string(i));
  CHECK(series_of(node.metrics()) == before);
}

TEST_CASE("a node with a journal tells how that gets on", "[admin][metrics]") {
  ::test::temp_folder folder;
  shop_node node{{"--data=" + folder.path().string()}};
  CHECK(admin_node::eventually([&] {
    return node.metrics().at("bulwark_journal_durable_events_total") > 0;
  }));
  auto it = node.metrics();
  CHECK(it.at("bulwark_journal_state{state=\"off\"}") == 0);
  CHECK(it.at("bulwark_journal_dropped_events_total{class=\"change\"}") == 0);
}

TEST_CASE("of ten thousand services the first are told, and how many are not",
          "[admin][metrics]") {
  detail::node_reading reading;
  reading.node = "alpha";
  for (int i = 0; i < 10'000; ++i) {
    gate_status each;
    each.service = "s" + std::to_string(i);
    reading.services.push_back(std::move(each));
  }
  auto families = detail::node_metrics(reading);
  double all = 0;
  for (const auto& each : families)
    all += static_cast<double>(each.samples.size());
  auto text = metrics_text(families, metrics_format::openmetrics);
  auto it = read_metrics(text, true);
  CHECK(it.values.size() == metrics_series_max);
  CHECK(it.at("bulwark_series_left_out") == all - metrics_series_max + 1);
  CHECK(it.at("target_info{cluster=\"\",node=\"alpha\"}") == 1);
}

TEST_CASE("figures of services are read out of a report", "[admin][metrics]") {
  auto read = detail::read_ledger_figures(R"({"component_analysis":{
      "service/a":{"availability_1h":50,"availability_24h":99.5,
                   "availability_30d":100},
      "node/n":{"availability_1h":1,"availability_24h":1,
                "availability_30d":1}},
    "budgets":[{"component":"service/a","left_share":-0.5,
                "burn":{"burn_1h":{"long_rate":15,"short_rate":2}}},
               {"component":"service/b","left_share":1,"burn":{}}]})");
  CHECK(read.size() == 1);
  CHECK(read.at("a")
        == detail::ledger_figures{0.5, 0.995, 1, -0.5, {{"burn_1h", 15}}});
  for (auto text : {"", "{}", "[]", "no JSON", R"({"component_analysis":7})"})
    CHECK(detail::read_ledger_figures(text).empty());
}
