#include "support/dice.hpp"

#include <bulwark/chaos/fault_leases.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

fault crash(double rate = 1) {
  return {fault_kind::crash, "orders", rate};
}

} // namespace

TEST_CASE("a fault that nobody renews ends by itself", "[chaos]") {
  fault_leases at;
  REQUIRE_FALSE(at.grant("x/0", crash(), start));
  CHECK(at.next_end() == start + 10s);
  CHECK(at.strike(start + 10s - 1ns, 1));
  CHECK_FALSE(at.strike(start + 10s, 1));
  CHECK(at.active(start + 10s).empty());
  CHECK_FALSE(at.next_end());
}

TEST_CASE("a renewal lengthens a fault, and revives none", "[chaos]") {
  fault_leases at;
  REQUIRE_FALSE(at.grant("x/0", crash(), start));
  CHECK(at.renew("x/0", start + 9s));
  CHECK(at.strike(start + 18s, 1));
  CHECK_FALSE(at.renew("x/0", start + 19s));
  CHECK_FALSE(at.strike(start + 19s, 1));
  CHECK_FALSE(at.renew("y/0", start + 19s));
}

TEST_CASE("a fault that is ended strikes no more", "[chaos]") {
  fault_leases at;
  REQUIRE_FALSE(at.grant("x/0", crash(), start));
  REQUIRE_FALSE(at.grant("x/1", crash(), start));
  at.end("x/0");
  at.end("unknown");
  CHECK(at.active(start).size() == 1);
  at.end_all();
  CHECK_FALSE(at.strike(start, 1));
}

TEST_CASE("a bad fault and one too many are refused", "[chaos]") {
  fault_leases at;
  CHECK(at.grant("x/0", crash(2), start)
        == "fault.rate is 2; it must be above 0 and at most 1");
  for (size_t i = 0; i < fault_leases::faults_max; ++i)
    REQUIRE_FALSE(at.grant(std::to_string(i), crash(), start));
  CHECK(at.grant("more", crash(), start)
        == "faults is 17; it must be at most 16 at one target at a time");
  // In place of one that is there, or when one is over.
  CHECK_FALSE(at.grant("3", crash(), start));
  CHECK_FALSE(at.grant("more", crash(), start + 10s));
}

TEST_CASE("a fault strikes as often as its rate says", "[chaos]") {
  for (double rate : {0.01, 0.25, 0.5, 1.0}) {
    fault_leases at;
    REQUIRE_FALSE(at.grant("x/0", crash(rate), start));
    int hits = 0;
    test::dice chance{42};
    for (int i = 0; i < 100'000; ++i)
      hits += at.strike(start, chance.below(SIZE_MAX)) ? 1 : 0;
    CAPTURE(rate, hits);
    CHECK(std::abs(hits - rate * 100'000) <= 600);
  }
}

TEST_CASE("faults at one target strike independently of each other",
          "[chaos]") {
  fault_leases at;
  REQUIRE_FALSE(at.grant("a", crash(0.5), start));
  REQUIRE_FALSE(at.grant("b", {fault_kind::slow, "orders", 0.5, 10ms}, start));
  std::map<fault_kind, int> hits;
  test::dice chance{7};
  for (int i = 0; i < 100'000; ++i)
    if (auto what = at.strike(start, chance.below(SIZE_MAX)))
      ++hits[what->what.kind];
  // The second one gets what the first one leaves.
  CHECK(std::abs(hits[fault_kind::crash] - 50'000) < 1'000);
  CHECK(std::abs(hits[fault_kind::slow] - 25'000) < 1'000);
}

TEST_CASE("a fault strikes only at its places", "[chaos]") {
  fault_leases at;
  REQUIRE_FALSE(at.grant("x/0", crash(), start, 0b101));
  CHECK(at.strike(start, 1, 0)->id == "x/0");
  CHECK_FALSE(at.strike(start, 1, 1));
  CHECK(at.strike(start, 1, 2));
  CHECK_FALSE(at.strike(start, 1, 63));
}

TEST_CASE("it is told which leases ran out, once, and not which were ended",
          "[chaos]") {
  fault_leases at;
  for (const auto* id : {"a", "b", "c"})
    REQUIRE_FALSE(at.grant(id, crash(), start));
  at.end("b");
  CHECK(at.renew("c", start + 5s));
  CHECK(at.take_expired(start + 9s).empty());
  CHECK(at.take_expired(start + 10s) == std::vector<std::string>{"a"});
  CHECK(at.lasts("c", start + 10s));
  CHECK_FALSE(at.lasts("a", start + 10s));
  CHECK(at.take_expired(start + 14s).empty());
}

TEST_CASE("whatever is done, no fault outlives its last lease", "[chaos]") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    fault_leases at;
    std::map<std::string, time_point> model;
    auto now = start;
    for (int i = 0; i < 200; ++i) {
      now += 1ms * chance.below(4'000);
      std::erase_if(model, [&](auto& x) { return x.second <= now; });
      auto id = std::to_string(chance.below(24));
      switch (chance.below(4)) {
      case 0: {
        auto fits =
          model.contains(id) || model.size() < fault_leases::faults_max;
        REQUIRE(!at.grant(id, crash(), now) == fits);
        if (fits)
          model[id] = now + 10s;
        break;
      }
      case 1:
        REQUIRE(at.renew(id, now) == model.contains(id));
        if (model.contains(id))
          model[id] = now + 10s;
        break;
      case 2:
        at.end(id);
        model.erase(id);
        break;
      default:
        break;
      }
      REQUIRE(at.active(now).size() == model.size());
      REQUIRE(at.strike(now, chance.below(SIZE_MAX)).has_value()
              == !model.empty());
    }
  }
}
