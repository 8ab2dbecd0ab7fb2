#include <bulwark/redundancy/balancing_rules.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/redundancy/detail/slow_starts.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

// Which replica gets a request, by each strategy.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto off = replica_loads::down;

/// Replicas as a rule sees them.
struct replicas {
  std::vector<uint32_t> loads;
  std::vector<uint32_t> weights = {};
  std::vector<duration> latencies = {};

  replica_choice ask(balancing_rule rule, uint32_t number,
                     uint64_t key = 0) const {
    replica_traits traits;
    traits.weights = weights.empty() ? nullptr : weights.data();
    if (!latencies.empty())
      traits.latency = [](const void* of, size_t i) noexcept {
        return static_cast<const replicas*>(of)->latencies[i];
      };
    traits.of = this;
    traits.key = key;
    replica_loads seen{this,
                       [](const void* of, size_t i) noexcept {
                         return static_cast<const replicas*>(of)->loads[i];
                       },
                       loads.size(), &traits};
    return rule(seen, number);
  }

  /// How often each is chosen with so many numbers.
  std::vector<int> counts(balancing_rule rule, uint32_t from, uint32_t n,
                          uint64_t key = 0) const {
    std::vector<int> result(loads.size());
    for (auto i = from; i != from + n; ++i) {
      auto choice = ask(rule, i, key);
      REQUIRE(choice.index < loads.size());
      ++result[choice.index];
    }
    return result;
  }
};

using strategy = balancing_strategy;

const strategy all_strategies[] = {
  strategy::two_choices,    strategy::round_robin,     strategy::random,
  strategy::weighted,       strategy::least_in_flight, strategy::peak_ewma,
  strategy::consistent_hash};

} // namespace

TEST_CASE("each strategy has a name and a rule of its own kind",
          "[balancing]") {
  std::set<std::string> names;
  for (auto each : all_strategies) {
    names.insert(to_string(each));
    CHECK(rule_of(each) != nullptr);
    CHECK(counts_requests(each) == (each == strategy::round_robin));
  }
  CHECK(names.size() == std::size(all_strategies));
  CHECK(rule_of(strategy::two_choices) == &least_loaded_of_two);
}

TEST_CASE("no strategy chooses a replica that is down while one is up, but "
          "one of two that are drawn",
          "[balancing]") {
  for (auto each : all_strategies)
    for (uint32_t up = 1; up < 16; ++up) {
      replicas those{{off, off, off, off}};
      for (size_t i = 0; i < 4; ++i)
        if ((up >> i & 1) != 0)
          those.loads[i] = static_cast<uint32_t>(i);
      auto of_two =
        each == strategy::two_choices || each == strategy::peak_ewma;
      for (uint32_t n = 0; n < 64; ++n) {
        auto choice = those.ask(rule_of(each), n * 0x9e37'79b9, n);
        // Without a key it is one of two, too.
        if (of_two || (each == strategy::consistent_hash && n == 0))
          continue;
        CAPTURE(to_string(each), up, n);
        REQUIRE(choice.index < 4);
        CHECK(those.loads[choice.index] != off);
      }
    }
}

TEST_CASE("nobody is named where all are down", "[balancing]") {
  replicas none{{off, off, off}};
  for (auto each :
       {strategy::round_robin, strategy::weighted, strategy::least_in_flight})
    CHECK(none.ask(rule_of(each), 7).index == replica_choice::nobody);
  CHECK(none.ask(bounded_hash, 7, 99).index == replica_choice::nobody);
}

TEST_CASE("in turn each gets one after the other, also those behind one that "
          "is down",
          "[balancing]") {
  replicas all{{9, 0, 5, 0}};
  CHECK(all.counts(nth_that_is_up, 5, 8) == std::vector{2, 2, 2, 2});
  replicas one_down{{9, off, 5, 0}};
  CHECK(one_down.counts(nth_that_is_up, 3, 9) == std::vector{3, 0, 3, 3});
  for (uint32_t n = 0; n < 4; ++n)
    CHECK(all.ask(nth_that_is_up, n).index == n);
}

TEST_CASE("by weight each gets its share, of those that are up",
          "[balancing]") {
  replicas those{{0, 0, 0}, {1, 2, 5}};
  CHECK(those.counts(drawn_by_weight, 0, 80) == std::vector{10, 20, 50});
  those.loads[2] = off;
  CHECK(those.counts(drawn_by_weight, 0, 30) == std::vector{10, 20, 0});
  replicas same{{0, 7, 0}};
  CHECK(same.counts(drawn_by_weight, 0, 30) == std::vector{10, 10, 10});
  replicas unwanted{{0, 0}, {0, 3}};
  CHECK(unwanted.counts(drawn_by_weight, 0, 30) == std::vector{0, 30});
}

TEST_CASE("the least loaded of all is taken, of several any", "[balancing]") {
  replicas those{{4, 2, off, 3}};
  CHECK(those.counts(least_loaded_of_all, 0, 20) == std::vector{0, 20, 0, 0});
  replicas equal{{1, 0, 0, 0}};
  auto counts = equal.counts(least_loaded_of_all, 0, 3000);
  CHECK(counts[0] == 0);
  for (size_t i = 1; i < 4; ++i) {
    CHECK(counts[i] > 900);
    CHECK(counts[i] < 1100);
  }
}

TEST_CASE("of two that are equal either is taken as often", "[balancing]") {
  replicas equal{{3, 3}, {}, {5ms, 5ms}};
  for (auto rule : {least_loaded_of_two, cheaper_of_two})
    CHECK(equal.counts(rule, 0, 100) == std::vector{50, 50});
}

// envoy #11004: with two backends its two choices were the same one half of the
// time, so that the one with more to do was taken in a quarter of all cases.
TEST_CASE("the two that are drawn are never the same", "[balancing][others]") {
  replicas two{{1, 0}, {}, {5ms, 5ms}};
  for (auto rule : {least_loaded_of_two, cheaper_of_two}) {
    std::mt19937 numbers{7};
    for (int i = 0; i < 1000; ++i)
      CHECK(two.ask(rule, static_cast<uint32_t>(numbers())).index == 1);
  }
}

TEST_CASE("the cheaper of two is the one where it is answered earlier",
          "[balancing]") {
  // 10 ms for each of 4, against 50 ms for each of 1.
  replicas those{{3, 0}, {}, {10ms, 50ms}};
  CHECK(those.ask(cheaper_of_two, 0).index == 0);
  those.loads[0] = 5;
  CHECK(those.ask(cheaper_of_two, 0).index == 1);
  those.loads[1] = off;
  CHECK(those.ask(cheaper_of_two, 1).index == 0);
  CHECK(replicas{{4}}.ask(cheaper_of_two, 9).index == 0);
}

TEST_CASE("requests of one key go to one replica, keys to all of them",
          "[balancing]") {
  replicas idle{{0, 0, 0, 0, 0}};
  std::vector<int> homes(5);
  for (uint64_t key = 1; key <= 1000; ++key) {
    auto home = idle.ask(bounded_hash, 0, key).index;
    ++homes[home];
    CHECK(idle.ask(bounded_hash, 12345, key).index == home);
  }
  for (auto each : homes) {
    CHECK(each > 140);
    CHECK(each < 260);
  }
}

TEST_CASE("when a replica goes down only its keys go elsewhere, to all of the "
          "others, and come back with it",
          "[balancing]") {
  replicas all{{0, 0, 0, 0, 0}};
  auto without = all;
  without.loads[2] = off;
  std::vector<int> heirs(5);
  for (uint64_t key = 1; key <= 1000; ++key) {
    auto before = all.ask(bounded_hash, 0, key).index;
    auto after = without.ask(bounded_hash, 0, key).index;
    if (before != 2)
      CHECK(after == before);
    else
      ++heirs[after];
  }
  CHECK(heirs[2] == 0);
  CHECK(std::count_if(heirs.begin(), heirs.end(), [](int n) { return n > 20; })
        == 4);
}

// dubbo #4103: all requests with a hot key went to one replica, whatever it had
// to do.
TEST_CASE("a hot key takes no replica beyond 1.25 times the mean",
          "[balancing][others]") {
  replicas those{{0, 0, 0, 0}};
  for (uint32_t n = 1; n <= 1000; ++n) {
    auto to = those.ask(bounded_hash, n, 42).index;
    REQUIRE(to < 4);
    ++those.loads[to];
    auto most = *std::max_element(those.loads.begin(), those.loads.end());
    CHECK(most <= (5 * n + 15) / 16);
  }
  auto home = replicas{{0, 0, 0, 0}}.ask(bounded_hash, 0, 42).index;
  CHECK(those.loads[home] == 313);
  CHECK(std::accumulate(those.loads.begin(), those.loads.end(), 0) == 1000);
}

TEST_CASE("a replica starts slowly: at least a tenth, all of it after the "
          "window",
          "[balancing]") {
  time_point start{1h};
  slow_starts none{0s};
  none.begin(0, start);
  CHECK(none.share(0, start) == 1);
  CHECK(none.resting(3, start, 1) == 0);
  slow_starts it{100s};
  CHECK(it.share(0, start) == 1);
  it.begin(0, start);
  CHECK(it.share(0, start) == 0.1);
  CHECK(it.share(0, start + 5s) == 0.1);
  CHECK(it.share(0, start + 50s) == 0.5);
  CHECK(it.share(0, start + 100s) == 1);
  CHECK(it.share(1, start) == 1);
  it.begin(0, start + 200s);
  CHECK(it.share(0, start + 210s) == 0.1);
}

TEST_CASE(
  "one that starts slowly has its part in as many requests as its share",
  "[balancing]") {
  time_point start{1h};
  slow_starts it{100s};
  it.begin(1, start);
  it.got_one(1);
  auto part_at = [&](duration after) {
    int result = 0;
    for (uint32_t i = 0; i < 10'000; ++i)
      result +=
        (it.resting(7, start + after, i * 2'654'435'761U) >> 1 & 1) == 0;
    return result;
  };
  CHECK(part_at(1s) > 900);
  CHECK(part_at(1s) < 1'100);
  CHECK(part_at(60s) > 5'800);
  CHECK(part_at(60s) < 6'200);
  CHECK(part_at(100s) == 10'000);
}

TEST_CASE("one that got nothing in half of its window has the next request "
          "alone, once",
          "[balancing]") {
  time_point start{1h};
  slow_starts it{100s};
  it.begin(1, start);
  // Never alone before; afterwards it is one that starts slowly.
  for (uint32_t i = 0; i < 100; ++i)
    REQUIRE((it.resting(7, start + 49s, i) & 5) == 0);
  CHECK(it.resting(7, start + 50s, 0) == 5);
  CHECK((it.resting(7, start + 50s, 0) & 5) == 0);
  it.begin(1, start + 200s);
  it.got_one(1);
  CHECK((it.resting(7, start + 260s, 0) & 5) == 0);
  // After the window it has the share of all.
  it.begin(1, start + 300s);
  CHECK(it.resting(7, start + 400s, 0) == 0);
}

TEST_CASE("where all start slowly one of them gets it", "[balancing]") {
  time_point start{1h};
  slow_starts it{100s};
  it.begin(0, start);
  it.begin(1, start);
  for (uint32_t i = 0; i < 1'000; ++i)
    REQUIRE(it.resting(3, start, i) != 3);
}
