// Which nodes are noticed to be gone, when, and which never are: on virtual
// time, with beats that are regular, jittery, bursty and late, a peer and an
// observer that are starved, and the latter without its doubt beside it.
#include <bulwark/cluster/detail/peer_watch.hpp>
#include <bulwark/cluster/detail/second_opinion.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};
const noticing_options defaults;

using random_source = std::mt19937_64;

duration up_to(random_source& random, duration most) {
  return duration{
    static_cast<int64_t>(random() % static_cast<uint64_t>(most.count()))};
}

/// How late the beat of that round comes.
using lateness = std::function<duration(int64_t)>;

/// Whether a silence from `last` on is suspect at some time before `next`: what
/// grows while it lasts is largest at its end.
bool alarm(const arrival_history& it, time_point next) {
  return it.suspect(next - 1ns);
}

/// Plays that many rounds of beats. Returns how often the node was suspect,
/// though it was there.
size_t false_alarms(int64_t rounds, const lateness& late) {
  arrival_history it{defaults, start};
  size_t result = 0;
  auto last = start;
  for (int64_t i = 1; i <= rounds; ++i) {
    auto at = std::max(last, start + i * defaults.beat + late(i));
    result += alarm(it, at);
    it.heard(at);
    last = at;
  }
  return result;
}

/// Returns how long after its last beat a node is suspect that dies then.
duration time_to_notice(const lateness& late) {
  arrival_history it{defaults, start};
  auto last = start;
  for (int64_t i = 1; i <= 2000; ++i) {
    last = std::max(last, start + i * defaults.beat + late(i));
    it.heard(last);
  }
  auto now = last;
  while (!it.suspect(now))
    now += 10ms;
  return now - last;
}

/// A node that hears one other one, whose beats come in time, while it does not
/// get to run for up to `gap` now and then: it learns of what has come only
/// afterwards. Returns how often it took the other one for gone.
size_t starved_observer(duration gap, bool doubts) {
  random_source random{5};
  peer_watch it{defaults, start};
  it.add("beta", start);
  arrival_history plain{defaults, start};
  size_t result = 0;
  auto now = start;
  auto heard = start;
  for (int round = 0; round < 20'000; ++round) {
    auto starved = random() % 10 == 0 ? up_to(random, gap) : 0s;
    now += defaults.beat + starved;
    // It runs again: its timers come before what waits in its mailbox.
    if (doubts) {
      it.beat(now);
      for (auto& each : it.look(now))
        result += each.suspect;
    } else {
      result += plain.suspect(now);
    }
    heard = std::max(heard, now - up_to(random, 100ms));
    it.heard("beta", heard);
    plain.heard(heard);
  }
  return result;
}

} // namespace

TEST_CASE("no node whose beats come at most 3 s late is lost", "[noticing]") {
  random_source random{1};
  constexpr int64_t rounds = 1'000'000;
  CHECK(false_alarms(rounds, [&](int64_t) { return up_to(random, 3s); }) == 0);
  // As seldom as that they are late, but then as late as that.
  CHECK(false_alarms(rounds,
                     [&](int64_t) { return random() % 1000 == 0 ? 3s : 0s; })
        == 0);
  // And one that is later than that is, in the end.
  CHECK(false_alarms(10'000,
                     [&](int64_t) { return random() % 1000 == 0 ? 5s : 0s; })
        > 0);
}

TEST_CASE("what is usual for a node is no reason to suspect it", "[noticing]") {
  random_source random{3};
  CHECK(false_alarms(100'000, [&](int64_t) { return up_to(random, 6s); }) < 20);
}

TEST_CASE("a node that is gone is noticed in seconds", "[noticing]") {
  random_source random{2};
  auto regular = [](int64_t) { return 0s; };
  auto jittery = [&](int64_t) { return up_to(random, 500ms); };
  // Three beats wait for the fourth one.
  auto bursty = [](int64_t i) { return (4 - i % 4) % 4 * 1s; };
  auto notice = time_to_notice(regular);
  CHECK(notice > 4500ms);
  CHECK(notice < 4700ms);
  CHECK(time_to_notice(jittery) < 6s);
  CHECK(time_to_notice(bursty) < 15s);
  CHECK(false_alarms(10'000, regular) == 0);
  CHECK(false_alarms(10'000, jittery) == 0);
  CHECK(false_alarms(10'000, bursty) == 0);
}

TEST_CASE("traffic that ends is no reason to suspect a node", "[noticing]") {
  arrival_history it{defaults, start};
  auto now = start;
  for (int i = 0; i < 5000; ++i)
    it.heard(now += 20ms);
  CHECK_FALSE(it.suspect(now + 4s));
  CHECK(it.suspect(now + 5s));
}

TEST_CASE("a clock that trembles makes no arrivals", "[noticing]") {
  arrival_history it{defaults, start};
  auto now = start;
  for (int i = 0; i < 1000; ++i) {
    now += 1s;
    for (auto tremble : {0ms, 4ms, 1ms, 8ms})
      it.heard(now + tremble);
  }
  CHECK(it.last() == now);
  CHECK(it.phi(now + 4500ms) > 7);
}

TEST_CASE("a long silence does not become usual", "[noticing]") {
  arrival_history it{defaults, start};
  auto now = start;
  for (int i = 0; i < 100; ++i) {
    now += 1h;
    CHECK(it.suspect(now));
    it.heard(now);
    it.heard(now += 1s);
    CHECK_FALSE(it.suspect(now));
  }
  CHECK(it.suspect(now + 5s));
}

TEST_CASE("a node that does not get to run suspects nobody", "[noticing]") {
  for (auto gap : {2s, 5s, 20s, 60s}) {
    CAPTURE(std::chrono::duration_cast<std::chrono::seconds>(gap).count());
    CHECK(starved_observer(gap, true) == 0);
  }
  CHECK(starved_observer(20s, false) > 100);
}

TEST_CASE("doubt grows with each late beat, and ends with clean rounds",
          "[noticing]") {
  self_doubt it{defaults, start};
  auto now = start;
  auto beat = [&](duration after) { it.beat(now += after); };
  beat(1500ms);
  CHECK(it.stretch() == 1);
  CHECK(it.sure(now));
  CHECK_FALSE(it.sure(now + 1501ms));
  for (int i = 1; i <= 9; ++i) {
    beat(1501ms);
    CHECK_FALSE(it.sure(now));
    CHECK(it.stretch() == std::min(1 + i, 8));
  }
  for (int i = 7; i >= 0; --i) {
    beat(1s);
    CHECK(it.sure(now));
    CHECK(it.stretch() == std::max(i, 1));
  }
}

TEST_CASE("limits are stretched by doubt, and a node is found again at once",
          "[noticing]") {
  // After so many late beats in a row nothing comes any more.
  auto rounds_to_notice = [](int late) {
    peer_watch it{defaults, start};
    it.add("beta", start);
    auto now = start;
    for (int i = 0; i < 100 + late; ++i) {
      it.beat(now += i < 100 ? 1s : 2s);
      it.heard("beta", now);
    }
    auto rounds = 0;
    std::vector<peer_watch::change> changes;
    while (changes.empty() && ++rounds < 50) {
      it.beat(now += 1s);
      changes = it.look(now);
    }
    REQUIRE(changes == std::vector<peer_watch::change>{{"beta", true}});
    CHECK_FALSE(it.reaches("beta"));
    it.heard("beta", now);
    CHECK(it.look(now) == std::vector<peer_watch::change>{{"beta", false}});
    CHECK(it.reaches("beta"));
    CHECK_FALSE(it.reaches("nobody"));
    return rounds;
  };
  CHECK(rounds_to_notice(0) == 5);
  CHECK(rounds_to_notice(1) == 5);
  CHECK(rounds_to_notice(8) == 7);
}

TEST_CASE("a node is lost when nobody who is asked hears it", "[noticing]") {
  using verdict = silence_verdict;
  second_opinion two{defaults, {"b", "c"}, 4, start};
  CHECK(two.asked() == std::vector<std::string>{"b", "c"});
  CHECK_FALSE(two.verdict(start));
  two.answer("b", false);
  two.answer("b", false);
  two.answer("nobody", true);
  CHECK_FALSE(two.verdict(start + 1s - 1ns));
  CHECK(two.verdict(start + 1s) == verdict::lost);
  CHECK(second_opinion(defaults, {"b", "c"}, 4, start).verdict(start + 1s)
        == verdict::unreachable);
  two.answer("c", false);
  CHECK(two.verdict(start) == verdict::lost);
}

TEST_CASE("a node that another one hears is only out of reach", "[noticing]") {
  second_opinion it{defaults, {"b", "c", "d", "e"}, 6, start};
  CHECK(it.asked().size() == 3);
  it.answer("b", false);
  it.answer("c", true);
  CHECK(it.verdict(start) == silence_verdict::unreachable);
  it.answer("d", false);
  CHECK(it.verdict(start + 1h) == silence_verdict::unreachable);
}

TEST_CASE("among three nodes nobody is asked", "[noticing]") {
  second_opinion it{defaults, {"b"}, 3, start};
  CHECK(it.asked().empty());
  CHECK(it.verdict(start) == silence_verdict::lost);
}

TEST_CASE("two of many that hear each other only through others lose nobody, "
          "and a deaf node brings nobody down",
          "[noticing]") {
  // Which of ten nodes hear which: all, but for one pair, and for one that
  // hears nobody.
  constexpr size_t count = 10;
  auto hears = [](size_t who, size_t whom) {
    auto pair = (who == 0 && whom == 1) || (who == 1 && whom == 0);
    return !pair && who != 9;
  };
  size_t lost = 0;
  for (size_t who = 0; who < count; ++who)
    for (size_t whom = 0; whom < count; ++whom) {
      if (who == whom || hears(who, whom))
        continue;
      std::vector<std::string> others;
      for (size_t other = 0; other < count; ++other)
        if (other != who && other != whom && hears(who, other))
          others.push_back(std::to_string(other));
      second_opinion it{defaults, others, count, start};
      for (const auto& each : it.asked())
        it.answer(each, hears(std::stoul(each), whom));
      lost += it.verdict(start + 1s) == silence_verdict::lost;
    }
  CHECK(lost == 0);
}
