#include <bulwark/redundancy/balancing_rules.hpp>
#include <bulwark/redundancy/detail/outlier_ejection.hpp>
#include <bulwark/redundancy/detail/peak_latency.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

// What load balancers of others did wrong, each a test.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using ending = outlier_ejection::ending;

/// So many that are up.
outlier_ejection ejection_of(size_t members, time_point now,
                             const ejection_options& options = {}) {
  outlier_ejection result{options};
  result.declare(members);
  for (size_t i = 0; i < members; ++i)
    result.up(i, now);
  return result;
}

/// Fixed loads, which grow by what a rule chooses.
struct fixed_loads {
  std::vector<uint32_t> loads;
  replica_traits traits{};

  replica_loads view() const {
    return {loads.data(),
            [](const void* of, size_t index) noexcept {
              return static_cast<const uint32_t*>(of)[index];
            },
            loads.size(), &traits};
  }
};

} // namespace

// envoy 26877: the limit was compared with the share before the ejection, so
// that two of three were ejected where half may be.
TEST_CASE("the share of ejected ones is counted with the one to be ejected",
          "[ejection][others]") {
  time_point now{1h};
  for (size_t members = 1; members <= 10; ++members) {
    auto it = ejection_of(members, now);
    for (int i = 0; i < 20; ++i)
      for (size_t who = 0; who < members; ++who)
        it.answered(who, {ending::error, now, 1ms}, now);
    CHECK(it.ejected() == members / 2);
  }
}

// envoy 18950: errors of requests that were under way came after the ejection,
// moved the counter beyond its limit, and the host was never ejected again.
TEST_CASE("late errors do not keep one from being ejected again",
          "[ejection][others]") {
  time_point now{1h};
  auto it = ejection_of(3, now);
  for (int round = 0; round < 4; ++round) {
    auto asked = now;
    int needed = 0;
    while (!it.ejected(0) && needed < 100) {
      ++needed;
      it.answered(0, {ending::error, now, 1ms}, now);
    }
    CHECK(needed == 5);
    for (int late = 0; late < 7; ++late)
      it.answered(0, {ending::error, asked, 1s}, now + 1s);
    now = it.next();
    it.wake(now);
    REQUIRE_FALSE(it.ejected(0));
    for (int late = 0; late < 7; ++late)
      it.answered(0, {ending::error, asked, 60s}, now);
    REQUIRE_FALSE(it.ejected(0));
  }
}

// envoy 11004: of few hosts both choices were often the same one, so that of
// two the busier one got a request in every fourth case.
TEST_CASE("of two the one with less to do gets each request",
          "[balancing][others]") {
  fixed_loads two{{7, 3}};
  uint32_t random = 1;
  for (int i = 0; i < 10'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    REQUIRE(least_loaded_of_two(two.view(), random).index == 1);
  }
}

// ingress-nginx 5540: a peer that refuses at once had the best score, and drew
// all requests.
TEST_CASE("one that fails fast does not draw requests", "[balancing][others]") {
  time_point now{1h};
  std::array<peak_latency, 2> took;
  took[0].answered(20ms, now);
  for (int i = 0; i < 100; ++i)
    took[1].failed(1us, 20ms, now + i * 1ms);
  auto at = now + 100ms;
  CHECK(took[1].at(at) >= took[0].at(at));
}

// dubbo 4103: what is consistent was not balanced: a few keys took one provider
// beyond what it could do.
TEST_CASE("keys that all belong to one are spread at 1.25 times the mean",
          "[balancing][others]") {
  fixed_loads five{{0, 0, 0, 0, 0}};
  for (uint64_t i = 0; i < 500; ++i) {
    five.traits.key = 1 + i % 2;
    auto to = bounded_hash(five.view(), 0).index;
    REQUIRE(to < five.loads.size());
    ++five.loads[to];
    auto most = *std::max_element(five.loads.begin(), five.loads.end());
    REQUIRE(most <= (5 * (i + 1) + 19) / 20);
  }
}
