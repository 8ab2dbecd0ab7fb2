#include <bulwark/quota/detail/cpu_balance.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

// 20 ms in 100 ms, and threads that spin: their clocks show what they got.
struct spinners {
  cpu_balance ledger{{.quota = 20ms, .period = 100ms}};
  time_point now = start;

  /// Returns how many are reported after `time`, of which the thread got
  /// `cpu` as its clock shows it.
  std::vector<cpu_overrun> look(duration time, cpu_balance::worker who,
                                duration cpu) {
    now = start + time;
    ledger.read(who, cpu, now);
    return ledger.overruns(now);
  }
};

} // namespace

TEST_CASE("what a clock shows more is charged, whoever reads it", "[cpu]") {
  spinners it;
  auto& ledger = it.ledger;
  auto who = ledger.add(5ms);
  CHECK(ledger.begin(who, 6ms, start));
  ledger.read(who, 9ms, start + 10ms);
  ledger.read(who, 8ms, start + 11ms);
  ledger.end(who, 12ms, start + 20ms);
  CHECK(ledger.stats(start + 20ms).usage == 7ms);
  ledger.remove(who, 13ms, start + 20ms);
  ledger.remove(who, 99ms, start + 20ms);
  CHECK(ledger.stats(start + 20ms).usage == 8ms);
  CHECK(ledger.workers() == 0);
}

TEST_CASE("all threads of a quota wait when it is used up", "[cpu]") {
  spinners it;
  auto& ledger = it.ledger;
  auto first = ledger.add(0ms);
  auto second = ledger.add(0ms);
  CHECK(ledger.begin(first, 0ms, start));
  CHECK_FALSE(ledger.begin(first, 50ms, start + 50ms));
  CHECK_FALSE(ledger.begin(second, 0ms, start + 50ms));
  CHECK(ledger.at_work().empty());
  // 50 ms are paid by the quotas of three periods; the third has some left.
  CHECK(ledger.runs_again(start + 50ms) == start + 200ms);
  CHECK(ledger.begin(second, 0ms, start + 200ms));
  ledger.begin_anyway(first, 50ms, start + 200ms);
  CHECK(ledger.at_work().size() == 2);
}

TEST_CASE("a handler that runs on is reported once, the next one again",
          "[cpu]") {
  spinners it;
  auto who = it.ledger.add(0ms);
  for (int round = 0; round < 2; ++round) {
    auto at = round * 1h;
    auto cpu = round * 700ms;
    CHECK(it.ledger.begin(who, cpu, start + at));
    CHECK(it.look(at + 100ms, who, cpu + 100ms).empty());
    CHECK(it.ledger.out_of_turn(who, it.now));
    CHECK(it.look(at + 499ms, who, cpu + 499ms).empty());
    CHECK(it.look(at + 600ms, who, cpu + 600ms)
          == std::vector<cpu_overrun>{{who, 600ms, 600ms}});
    CHECK(it.look(at + 700ms, who, cpu + 700ms).empty());
    it.ledger.end(who, cpu + 700ms, it.now);
  }
  CHECK(it.ledger.overrun_count() == 2);
}

TEST_CASE("a handler that was reported is out of turn until it comes back",
          "[cpu]") {
  spinners it;
  auto who = it.ledger.add(0ms);
  CHECK(it.ledger.begin(who, 0ms, start));
  CHECK(it.look(600ms, who, 600ms).size() == 1);
  // Others have left it nothing of the processors meanwhile.
  CHECK(it.ledger.runs_again(start + 1h) == start + 1h);
  CHECK(it.ledger.out_of_turn(who, start + 1h));
  it.ledger.end(who, 600ms, start + 1h);
  CHECK(it.ledger.begin(who, 600ms, start + 1h));
  CHECK_FALSE(it.ledger.out_of_turn(who, start + 1h));
}

TEST_CASE("looks come as soon as the quota might be used up", "[cpu]") {
  cpu_balance ledger{{.quota = 40ms, .period = 100ms}};
  CHECK(ledger.look_again_in(start, 100ms) == 100ms);
  auto first = ledger.add(0ms);
  CHECK(ledger.begin(first, 0ms, start));
  CHECK(ledger.look_again_in(start, 100ms) == 40ms);
  CHECK(ledger.look_again_in(start, 30ms) == 30ms);
  // At once, if both ran.
  ledger.add(0ms);
  CHECK(ledger.look_again_in(start, 100ms) == 20ms);
  ledger.read(first, 30ms, start + 30ms);
  CHECK(ledger.look_again_in(start + 30ms, 100ms) == 5ms);
  ledger.read(first, 39ms, start + 39ms);
  CHECK(ledger.look_again_in(start + 39ms, 100ms) == 5ms);
  // Used up; and in debt; and paid.
  ledger.read(first, 40ms, start + 40ms);
  CHECK(ledger.look_again_in(start + 40ms, 100ms) == 100ms);
  ledger.read(first, 60ms, start + 60ms);
  CHECK(ledger.look_again_in(start + 60ms, 100ms) == 100ms);
  CHECK(ledger.look_again_in(start + 1h, 100ms) == 20ms);
}

TEST_CASE("a handler that is slow but uses little is not reported", "[cpu]") {
  spinners it;
  auto who = it.ledger.add(0ms);
  CHECK(it.ledger.begin(who, 0ms, start));
  for (int i = 1; i < 100; ++i) {
    CHECK(it.look(i * 100ms, who, i * 15ms).empty());
    CHECK_FALSE(it.ledger.out_of_turn(who, it.now));
  }
}

TEST_CASE("spinners that share the processors are all reported", "[cpu]") {
  cpu_balance ledger{{.quota = 20ms, .period = 100ms}};
  std::vector<cpu_balance::worker> all;
  for (int i = 0; i < 16; ++i) {
    all.push_back(ledger.add(0ms));
    CHECK(ledger.begin(all.back(), 0ms, start));
  }
  size_t reported = 0;
  // Each of them gets a sixteenth of two processors, less than the quota, and
  // next to nothing when it was put last.
  auto cpu = duration::zero();
  for (auto time = 100ms; time <= 600ms; time += 100ms) {
    cpu += time == 100ms ? 12500us : 1250us;
    for (auto each : all)
      ledger.read(each, cpu, start + time);
    for (auto each : all)
      ledger.out_of_turn(each, start + time);
    reported += ledger.overruns(start + time).size();
  }
  CHECK(reported == 16);
}

TEST_CASE("what was given up is counted, but nobody else pays for it",
          "[cpu]") {
  spinners it;
  auto who = it.ledger.add(0ms);
  auto next = it.ledger.add(0ms);
  CHECK(it.ledger.begin(who, 0ms, start));
  it.ledger.give_up(who);
  it.ledger.read(who, 10s, start + 10s);
  CHECK(it.ledger.begin(next, 0ms, start + 10s));
  CHECK(it.ledger.out_of_turn(who, start + 10s));
  CHECK_FALSE(it.ledger.out_of_turn(next, start + 10s));
  CHECK(it.ledger.abandoned_usage() == 10s);
  CHECK(it.ledger.stats(start + 10s).usage == 0ms);
}
