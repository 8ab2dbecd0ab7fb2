#include "core/option_rows.hpp"
#include "support/dice.hpp"

#include <bulwark/quota/detail/cpu_account.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

cpu_account account_of(duration quota, duration pause_max = 10s) {
  return cpu_account{{.quota = quota, .pause_max = pause_max}};
}

// Threads that handle messages whenever the account lets them.
struct busy_threads {
  cpu_account account;
  size_t threads;
  duration longest;
  dice random;

  // Returns how much CPU time they get.
  duration run(duration time) {
    std::vector<time_point> free(threads, start);
    auto sum = duration::zero();
    for (;;) {
      auto next = std::min_element(free.begin(), free.end());
      if (*next >= start + time)
        return sum;
      if (!account.may_run(*next)) {
        *next = account.runs_again(*next);
        continue;
      }
      auto most = static_cast<size_t>(longest.count());
      auto cpu = duration{static_cast<int64_t>(1 + random.below(most))};
      *next += cpu;
      account.charge(cpu, *next);
      sum += cpu;
    }
  }
};

} // namespace

TEST_CASE("the default quota is one CPU, and valid", "[cpu]") {
  cpu_quota_options o;
  CHECK(validate(o) == std::nullopt);
  CHECK(o.quota == 100ms);
  CHECK(o.period == 100ms);
  CHECK(o.overrun_after == 500ms);
  CHECK(o.pause_max == 10s);
}

TEST_CASE("a bad CPU quota is named with value and rule", "[cpu]") {
  using options = cpu_quota_options;
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.quota = 0s; },
     "cpu.quota is 0ms; it must be longer than 0ms and at most 1000s"},
    {[](options& o) { o.quota = 1001s; },
     "cpu.quota is 1001s; it must be longer than 0ms and at most 1000s"},
    {[](options& o) { o.period = 999us; },
     "cpu.period is 999us; it must be at least 1ms and at most 1m"},
    {[](options& o) { o.period = 61s; },
     "cpu.period is 61s; it must be at least 1ms and at most 1m"},
    {[](options& o) { o.overrun_after = 0s; },
     "cpu.overrun_after is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.pause_max = 99ms; },
     "cpu.pause_max is 99ms; it must be at least cpu.period, which is 100ms"},
    {[](options& o) { o.pause_max = 2h; },
     "cpu.pause_max is 2h; it must be at most 1h"},
  })));
}

TEST_CASE("within its quota everything runs", "[cpu]") {
  auto account = account_of(20ms);
  for (auto now = start; now < start + 1s; now += 10ms) {
    CHECK(account.may_run(now));
    CHECK(account.runs_again(now) == now);
    account.charge(1ms, now + 1ms);
  }
  CHECK(account.stats(start + 1s)
        == cpu_account_stats{100ms, 10, 0, duration::zero()});
  CHECK(account.utilization(start + 1s) == Approx(0.5));
}

TEST_CASE("what is over the quota waits for the next period", "[cpu]") {
  auto account = account_of(20ms);
  CHECK(account.may_run(start));
  account.charge(20ms, start + 30ms);
  CHECK_FALSE(account.may_run(start + 30ms));
  CHECK(account.runs_again(start + 30ms) == start + 100ms);
  CHECK_FALSE(account.may_run(start + 99ms));
  CHECK(account.may_run(start + 100ms));
  CHECK(account.stats(start + 100ms) == cpu_account_stats{20ms, 1, 1, 70ms});
}

TEST_CASE("a debt is paid by the periods after it", "[cpu]") {
  auto account = account_of(20ms);
  CHECK(account.may_run(start));
  account.charge(90ms, start + 95ms);
  // 20 in each of the periods 0 to 3, 10 in period 4.
  CHECK(account.runs_again(start + 95ms) == start + 400ms);
  CHECK_FALSE(account.may_run(start + 95ms));
  CHECK_FALSE(account.may_run(start + 399ms));
  CHECK(account.may_run(start + 400ms));
  account.charge(10ms, start + 410ms);
  CHECK_FALSE(account.may_run(start + 410ms));
  CHECK(account.runs_again(start + 410ms) == start + 500ms);
  CHECK(account.stats(start + 500ms)
        == cpu_account_stats{100ms, 5, 5, 305ms + 90ms});
}

TEST_CASE("what is not used is lost", "[cpu]") {
  auto account = account_of(20ms);
  CHECK(account.may_run(start));
  auto later = start + 1h;
  CHECK(account.may_run(later));
  account.charge(20ms, later + 20ms);
  CHECK_FALSE(account.may_run(later + 20ms));
}

TEST_CASE("one thread is never more than one CPU, however late it is charged",
          "[cpu]") {
  auto account = account_of(100ms);
  CHECK(account.may_run(start));
  account.charge(0ms, start);
  account.charge(2500ms, start + 2550ms);
  CHECK(account.may_run(start + 2550ms));
  account.charge(1min, start + 2min);
  CHECK(account.may_run(start + 2min));
  CHECK(account.stats(start + 2min).throttled_periods == 0);
  CHECK(account.utilization(start + 2min, 5) == Approx(1.0));
}

TEST_CASE("late charges count where they were used", "[cpu]") {
  auto account = account_of(50ms);
  CHECK(account.may_run(start));
  // 150 ms in the periods 1 and 2 are 50 too many.
  account.charge(150ms, start + 250ms);
  CHECK(account.stats(start + 250ms).periods == 2);
  CHECK(account.utilization(start + 300ms, 1) == Approx(1.0));
  CHECK(account.utilization(start + 300ms, 2) == Approx(1.5));
  CHECK_FALSE(account.may_run(start + 250ms));
  CHECK(account.runs_again(start + 250ms) == start + 400ms);
}

TEST_CASE("no debt pauses longer than the longest pause", "[cpu]") {
  auto account = account_of(1ms, 2s);
  CHECK(account.may_run(start));
  account.charge(1h, start + 2h);
  CHECK(account.runs_again(start + 2h) <= start + 2h + 2s + 100ms);
  CHECK(account.runs_again(start + 2h) >= start + 2h + 1900ms);
  account.charge(duration::max(), start + 3h);
  CHECK(account.runs_again(start + 3h) <= start + 3h + 2s + 100ms);
}

TEST_CASE("the longest pause also cuts the debt of many threads", "[cpu]") {
  auto account = account_of(10ms, 100ms);
  CHECK(account.may_run(start));
  account.charge(50ms, start + 60ms);
  CHECK(account.runs_again(start + 60ms) == start + 200ms);
}

TEST_CASE("a debt is paid to the end, however late somebody asks", "[cpu]") {
  auto account = account_of(1ms, 1min);
  CHECK(account.may_run(start));
  // Of four threads, so that all of it is within one period.
  for (int i = 0; i < 4; ++i)
    account.charge(50ms, start + 50ms);
  CHECK(account.runs_again(start + 50ms) == start + 20s);
  CHECK(account.runs_again(start + 10s) == start + 20s);
  CHECK_FALSE(account.may_run(start + 20s - 1ns));
  CHECK(account.may_run(start + 30s));
  account.charge(1ms, start + 30s + 1ms);
  CHECK_FALSE(account.may_run(start + 30s + 1ms));
}

TEST_CASE("waiting ends where it may, though a late charge begins another",
          "[cpu]") {
  auto account = account_of(10ms);
  CHECK(account.may_run(start));
  account.charge(15ms, start + 15ms);
  CHECK_FALSE(account.may_run(start + 15ms));
  account.charge(30ms, start + 150ms);
  CHECK_FALSE(account.may_run(start + 150ms));
  CHECK(account.may_run(start + 400ms));
  CHECK(account.stats(start + 400ms)
        == cpu_account_stats{45ms, 4, 4, 85ms + 250ms});
}

TEST_CASE("utilization looks back on what is kept", "[cpu]") {
  auto account = account_of(10ms);
  CHECK(account.utilization(start) == 0);
  CHECK(account.may_run(start));
  account.charge(5ms, start + 9950ms);
  auto all = 5.0 / (10 * (cpu_account::periods_kept - 1));
  CHECK(account.utilization(start + 10s, 1000) == Approx(all));
  CHECK(account.utilization(start + 10s, 1) == Approx(0.5));
  CHECK(account.utilization(start + 10s, 0) == 0);
}

TEST_CASE("waiting counts until it may end, also while it goes on", "[cpu]") {
  auto account = account_of(10ms);
  CHECK(account.may_run(start));
  account.charge(25ms, start + 25ms);
  CHECK_FALSE(account.may_run(start + 25ms));
  CHECK(account.stats(start + 125ms).throttled == 100ms);
  CHECK(account.stats(start + 125ms).throttled_periods == 2);
  CHECK(account.stats(start + 10s).throttled == 175ms);
  // Asked late: it could have run before.
  CHECK(account.may_run(start + 10s));
  CHECK(account.stats(start + 10s).throttled == 175ms);
  CHECK(account.stats(start + 10s).throttled_periods == 2);
}

TEST_CASE("a handler that alone uses more than the quota is reported",
          "[cpu]") {
  auto account = account_of(20ms);
  CHECK_FALSE(account.overruns(499ms, 499ms));
  CHECK(account.overruns(500ms, 500ms));
  CHECK_FALSE(account.overruns(500ms, 119ms));
  CHECK(account.overruns(500ms, 120ms));
  CHECK_FALSE(account.overruns(1h, 1ms));
  CHECK_FALSE(account_of(100ms).overruns(1h, 1h));
}

TEST_CASE("a clock that goes back pays nothing twice", "[cpu]") {
  auto account = account_of(20ms);
  CHECK(account.may_run(start + 1s));
  account.charge(50ms, start + 1050ms);
  CHECK_FALSE(account.may_run(start));
  CHECK(account.runs_again(start) == start + 1200ms);
  account.charge(-1h, start);
  CHECK(account.stats(start).usage == 50ms);
}

TEST_CASE("in the long run the quota is used, and no more", "[cpu]") {
  auto threads = GENERATE(size_t{1}, size_t{4});
  auto longest = GENERATE(1ms, 50ms, 400ms);
  auto quota = GENERATE(5ms, 20ms, 90ms, 300ms);
  busy_threads busy{account_of(quota, 1min), threads, longest, dice{7}};
  duration time = 600s;
  auto got = busy.run(time);
  auto most =
    std::min<duration>(quota * (time / 100ms), time * int64_t(threads));
  auto slack = quota + longest * int64_t(threads);
  CAPTURE(threads, longest.count(), quota.count(), got.count(), most.count());
  CHECK(got <= most + slack);
  if (quota <= 90ms || threads == 1)
    CHECK(got >= most - slack - most / 50);
  CHECK(busy.account.stats(start + time).usage == got);
}

// What was charged while something waited hid the periods of the wait before.
TEST_CASE("periods of a wait count, also when something is charged meanwhile",
          "[cpu]") {
  auto account = account_of(20ms);
  CHECK(account.may_run(start));
  account.charge(100ms, start + 100ms);
  CHECK_FALSE(account.may_run(start + 100ms));
  account.charge(1us, start + 350ms);
  auto until = account.runs_again(start + 350ms);
  account.charge(1us, until);
  CHECK(account.may_run(until));
  auto told = account.stats(until);
  CHECK(told.throttled == until - start - 100ms);
  CHECK(told.throttled_periods == 4);
  CHECK(told.periods == 6);
}
