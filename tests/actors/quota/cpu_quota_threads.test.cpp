#include "actors/quota/quota_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/quota/detail/processor_share.hpp>
#include <bulwark/quota/detail/thread_clock.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <catch2/catch.hpp>
#include <sched.h>

#include <deque>
#include <string>

// CPU quotas on real threads. Figures are CPU time, which does not depend on
// what else the machine does, and bounds of time that hold on a busy one.

using namespace bulwark;
using namespace std::chrono_literals;
using test::quota_fixture;
using test::spin_atom;

TEST_CASE("handlers of 1 ms and of 50 ms get the quota and no more",
          "[quota][threads]") {
  auto [ms, times] = GENERATE(table<int, int>({{1, 150}, {50, 3}}));
  auto blocks = GENERATE(false, true);
  quota_fixture it{1, blocks, 60s, 10ms};
  auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i)
    REQUIRE_FALSE(it.answer(ms));
  auto took = std::chrono::steady_clock::now() - start;
  it.check_agrees();
  auto told = it.quota.stats();
  CHECK(told.usage >= 150ms);
  // What was used beyond the quota is paid before anything else runs.
  auto allowed = 10ms * (took / 100ms + 2) + std::chrono::milliseconds{ms};
  CHECK(told.usage <= allowed + 10ms);
  CHECK(told.kind == bulkhead_kind::cpu_quota);
  CHECK(told.nr_throttled >= 1);
  CHECK(told.nr_periods >= told.nr_throttled);
  CHECK(told.throttled_time > 0s);
  CHECK(told.utilization_percent > 0);
  CHECK(told.threads == 1);
}

namespace {

int processors_allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  return CPU_COUNT(&set);
}

/// Quotas that want as many processors as there are for quotas.
std::deque<detail::processor_share> others_on_all_processors() {
  std::deque<detail::processor_share> result;
  for (int i = 1; i < processors_allowed(); ++i)
    result.emplace_back(cpu_quota_options{});
  return result;
}

/// What an event says of threads that do not come back.
std::string told_place(bool last) {
  // To be put back takes a privilege that not everybody has.
  return !last                    ? "no"
         : detail::can_put_back() ? "until it comes back"
                                  : "for good";
}

} // namespace

TEST_CASE("handlers that never return are reported within a second, once each",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  auto with_others = GENERATE(false, true);
  std::deque<detail::processor_share> others;
  if (with_others)
    others = others_on_all_processors();
  // More of them than processors.
  quota_fixture it{4, blocks};
  REQUIRE(it.await_start());
  // Some wait behind others.
  for (int i = 0; i < 40; ++i)
    it.send(spin_atom::value);
  CHECK(it.await(
    [&] { return it.at->all(event_kind::quota_overrun).size() == 4; }));
  auto told = it.at->all(event_kind::quota_overrun);
  REQUIRE(told.size() == 4);
  CHECK(told[3].second - it.at->last_entered() < 1s);
  CHECK(told[0].first.component == "cpu_quota/reports");
  CHECK(told[0].first.reason.find("has not come back from a handler for")
        != std::string::npos);
  auto stats = it.quota.stats();
  CHECK(stats.overruns == 4);
  CHECK(stats.threads_at_work == 4);
  // They keep to one processor, and give way there as well if it is not the
  // quota's alone.
  CHECK(it.at->kept_to(1) == 4);
  auto last = with_others || processors_allowed() == 1;
  CHECK(told[0].first.metadata.back()
        == std::pair<std::string, std::string>{"put_last", told_place(last)});
  CHECK(it.at->put_last() == (last ? 4 : 0));
  it.at->open = true;
  CHECK(it.await([&] { return it.quota.stats().threads_at_work == 0; }));
  CHECK(it.at->put_last() == (last && !detail::can_put_back() ? 4 : 0));
  it.check_agrees();
}

TEST_CASE("a replica that waits for its period is stopped at once",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  quota_fixture it{1, blocks, 60s, 1ms};
  // Has to be paid for nearly ten seconds.
  REQUIRE_FALSE(it.answer(100));
  it.send(1);
  CHECK(it.await([&] { return it.quota.stats().nr_throttled > 0; }));
  CHECK(it.stop() < 4s);
  CHECK(it.at->all(event_kind::child_abandoned).empty());
}

TEST_CASE("a replica that waits for its period is restarted at once, and the "
          "next one waits too",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  quota_fixture it{1, blocks, 60s, 1ms};
  auto start = std::chrono::steady_clock::now();
  REQUIRE_FALSE(it.answer(100));
  auto used = std::chrono::steady_clock::now();
  it.send(1);
  CHECK(it.await([&] { return it.quota.stats().nr_throttled > 0; }));
  it.self->request(it.supervisor(), caf::infinite, terminate_child{"s#1"})
    .receive([] {}, [](const caf::error& x) { FAIL(describe(x)); });
  it.self->request(it.supervisor(), caf::infinite, restart_child{"s#1"})
    .receive([](const child_info& now) { CHECK(now.incarnation == 2); },
             [](const caf::error& x) { FAIL(describe(x)); });
  CHECK(std::chrono::steady_clock::now() - used < 4s);
  CHECK_FALSE(it.answer(1));
  // A hundred periods for as many milliseconds.
  CHECK(std::chrono::steady_clock::now() - start > 9700ms);
}

TEST_CASE("who takes the place of one that never returns does not pay for it",
          "[quota][threads]") {
  auto blocks = GENERATE(false, true);
  // As much as it likes, until it is killed: on all processors, and on one.
  auto granted = GENERATE(duration{10s}, duration{100ms});
  quota_fixture it{1, blocks, 1s, granted};
  it.send(spin_atom::value);
  CHECK(it.await(
    [&] { return it.at->all(event_kind::child_abandoned).size() == 1; }));
  // It may use the processor that they share only when nobody else wants to.
  CHECK(it.await([&] { return it.at->put_last() == 1; }));
  CHECK_FALSE(it.answer(1));
  auto before = it.quota.stats();
  CHECK(it.await([&] {
    return it.quota.stats().abandoned_usage > before.abandoned_usage + 50ms;
  }));
  CHECK_FALSE(it.answer(1));
  it.check_agrees();
  CHECK(it.quota.stats().threads == 2);
}
