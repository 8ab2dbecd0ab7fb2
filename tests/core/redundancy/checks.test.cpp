#include <bulwark/redundancy/detail/member_checks.hpp>
#include <bulwark/redundancy/detail/replica_usage.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

// What becomes of replicas that do not answer probes, or say that they are not
// well.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// A service's replicas, which all are up.
struct probed_group {
  time_point now{1h};
  replica_usage it;
  std::vector<uint64_t> incarnations;

  probed_group(size_t active, size_t standby, size_t min_healthy = 1)
    : it(names_of(active + standby), with(active, standby, min_healthy), now),
      incarnations(active + standby) {
    for (size_t i = 0; i < active + standby; ++i)
      up(i);
  }

  static std::vector<std::string> names_of(size_t n) {
    std::vector<std::string> result;
    for (size_t i = 0; i < n; ++i)
      result.push_back("r" + std::to_string(i));
    return result;
  }

  static usage_options with(size_t active, size_t standby, size_t min_healthy) {
    usage_options result;
    result.active = active;
    result.standby = standby;
    result.group.min_healthy = min_healthy;
    result.probe.emplace();
    return result;
  }

  void up(size_t which) { keep(it.up(which, ++incarnations[which], now)); }

  void down(size_t which) {
    keep(it.down(which, incarnations[which], "boom", 0, now));
  }

  void probe(size_t which, bool good, int n = 1) {
    for (int i = 0; i < n; ++i) {
      now += 10s;
      keep(it.probed(which, incarnations[which], good, "no answer", now));
    }
  }

  void declare(size_t which, std::optional<std::string> reason) {
    keep(it.declared(which, incarnations[which], std::move(reason), now));
  }

  void keep(const replica_usage::steps& steps) {
    for (const auto& each : steps)
      if (const auto* change = std::get_if<health_change>(&each))
        told.push_back(*change);
  }

  std::vector<health_change> told;
};

} // namespace

TEST_CASE("three probes without an answer make it unwell, two good ones well",
          "[usage][probe]") {
  probed_group group{3, 0};
  group.probe(1, false, 2);
  CHECK(group.it.used() == 7);
  CHECK(group.told.empty());
  group.probe(1, false);
  CHECK(group.it.used() == 5);
  REQUIRE(group.told.size() == 1);
  CHECK(group.told[0]
        == health_change{1, false, health_source::probe,
                         "3 probes failed: no answer"});
  CHECK(group.it.health().degraded_components == 1);
  CHECK(group.it.members()[1].reason == "3 probes failed: no answer");
  group.probe(1, false, 20);
  group.probe(1, true);
  CHECK(group.it.used() == 5);
  // A bad one in between: it begins anew.
  group.probe(1, false);
  group.probe(1, true);
  CHECK(group.it.used() == 5);
  group.probe(1, true);
  CHECK(group.it.used() == 7);
  REQUIRE(group.told.size() == 2);
  CHECK(group.told[1] == health_change{1, true, health_source::probe, {}});
  CHECK(group.it.members()[1].last_health_check == group.now);
}

TEST_CASE("a standby takes over for one that does not answer probes",
          "[usage][probe]") {
  probed_group group{2, 1, 2};
  group.probe(0, false, 3);
  CHECK(group.it.used() == 6);
  group.probe(0, true, 2);
  // It stays by default.
  CHECK(group.it.used() == 6);
  CHECK(group.it.health().healthy_components == 3);
}

TEST_CASE("a standby that does not answer probes is not promoted",
          "[usage][probe]") {
  probed_group group{1, 2};
  group.probe(1, false, 3);
  group.down(0);
  CHECK(group.it.used() == 4);
}

TEST_CASE("where fewer than half answer probes all are used",
          "[usage][probe]") {
  probed_group group{4, 0};
  group.probe(0, false, 3);
  group.probe(1, false, 3);
  CHECK(group.it.used() == 12);
  CHECK_FALSE(group.it.health().panic);
  group.probe(2, false, 3);
  CHECK(group.it.used() == 15);
  CHECK(group.it.health().panic);
  group.probe(2, true, 2);
  CHECK(group.it.used() == 12);
}

TEST_CASE("the only one is used, whatever probes say", "[usage][probe]") {
  probed_group group{1, 0};
  group.probe(0, false, 10);
  CHECK(group.it.used() == 1);
}

TEST_CASE(
  "one that says that it is degraded goes on, unless a standby is there",
  "[usage][declared]") {
  probed_group alone{2, 0};
  alone.declare(0, "slow disk");
  CHECK(alone.it.used() == 3);
  REQUIRE(alone.told.size() == 1);
  CHECK(alone.told[0]
        == health_change{0, false, health_source::declared, "slow disk"});
  alone.declare(0, "slower disk");
  CHECK(alone.told.size() == 1);
  CHECK(alone.it.members()[0].reason == "slower disk");
  alone.declare(0, std::nullopt);
  CHECK(alone.told.size() == 2);
  CHECK(alone.it.members()[0].status == member_status::healthy);
  probed_group pair{1, 1};
  pair.declare(0, "slow disk");
  CHECK(pair.it.used() == 2);
}

TEST_CASE("well again is who neither says otherwise nor is silent",
          "[usage][declared]") {
  probed_group group{3, 0};
  group.declare(0, "slow disk");
  group.probe(0, false, 3);
  group.declare(0, std::nullopt);
  CHECK(group.it.health().degraded_components == 1);
  CHECK(group.it.members()[0].reason == "3 probes failed: no answer");
  group.probe(0, true, 2);
  CHECK(group.it.health().degraded_components == 0);
  CHECK(group.told.size() == 4);
}

TEST_CASE("what one incarnation said does not count for the next",
          "[usage][declared]") {
  probed_group group{3, 0};
  group.declare(0, "slow disk");
  group.probe(1, false, 3);
  group.down(0);
  group.down(1);
  group.up(0);
  group.up(1);
  CHECK(group.it.health().healthy_components == 3);
  CHECK(group.it.used() == 7);
  // Late news of those before.
  auto old = group.incarnations[0] - 1;
  CHECK(group.it.declared(0, old, "slow disk", group.now).empty());
  CHECK(group.it.probed(0, old, false, "no answer", group.now).empty());
  group.it.load(0, old, 0.7);
  CHECK(group.it.members()[0].load == 0);
  group.it.load(0, group.incarnations[0], 0.7);
  CHECK(group.it.members()[0].load == 0.7);
}

TEST_CASE("what is said before it is up counts from then on",
          "[usage][declared]") {
  probed_group group{2, 0};
  group.down(0);
  auto next = group.incarnations[0] + 1;
  group.keep(group.it.declared(0, next, "cold", group.now));
  CHECK(group.told.empty());
  group.up(0);
  REQUIRE(group.told.size() == 1);
  CHECK(group.told[0].reason == "cold");
  CHECK(group.it.health().degraded_components == 1);
}

TEST_CASE("bad probe options are refused with field, value and rule",
          "[probe][options]") {
  probe_options o;
  CHECK(validate(o) == std::nullopt);
  o.timeout = 0s;
  CHECK(validate(o)->find("probe.timeout is 0") == 0);
  o = {.every = 500ms};
  CHECK(validate(o)->find("probe.every is 500ms") == 0);
  o = {.unhealthy_after = 0};
  CHECK(validate(o)->find("probe.unhealthy_after is 0") == 0);
  o = {.healthy_after = 1'001};
  CHECK(validate(o)->find("probe.healthy_after is 1001") == 0);
}

namespace {

/// What is known of one member of a random group, plainly.
struct plain_patient {
  bool up = true;
  bool declared = false;
  int bad = 0;
  int good = 0;
  bool silent = false;

  void probed(bool answered) {
    bad = answered ? 0 : bad + 1;
    good = answered ? good + 1 : 0;
    silent = silent ? good < 2 : bad >= 3;
  }

  bool well() const { return up && !declared && !silent; }
};

} // namespace

// Never two where one is to serve, never fewer than can, never one that is
// silent while half of the others answer.
TEST_CASE("whatever probes and replicas say, as many serve as can",
          "[usage][probe][random]") {
  auto seed = GENERATE(range(0, 300));
  CAPTURE(seed);
  std::mt19937_64 rng{static_cast<uint64_t>(seed)};
  auto any = [&](size_t n) { return static_cast<size_t>(rng() % n); };
  auto active = 1 + any(3);
  auto standby = any(3);
  auto min_healthy = 1 + any(active);
  probed_group group{active, standby, min_healthy};
  std::vector<plain_patient> all(active + standby);
  for (int i = 0; i < 200; ++i) {
    auto which = any(all.size());
    auto& it = all[which];
    switch (any(4)) {
    case 0:
      if (it.up)
        group.down(which);
      else
        group.up(which);
      it = {};
      it.up = group.it.members()[which].status == member_status::healthy;
      break;
    case 1:
      group.declare(which,
                    it.declared ? std::nullopt : std::optional{"slow disk"});
      it.declared = it.up && !it.declared;
      break;
    default:
      auto good = any(3) == 0;
      group.probe(which, good);
      if (it.up)
        it.probed(good);
    }
    auto used = group.it.used();
    size_t serving = 0;
    size_t silent = 0;
    size_t up = 0;
    size_t well = 0;
    size_t well_active = 0;
    for (size_t k = 0; k < all.size(); ++k) {
      auto serves = (used >> k & 1) != 0;
      REQUIRE((all[k].up || !serves));
      serving += serves;
      silent += serves && all[k].silent;
      up += all[k].up;
      well += all[k].well();
      well_active += all[k].well() && group.it.members()[k].active;
    }
    REQUIRE(serving <= active);
    REQUIRE((serving > 0) == (up > 0));
    REQUIRE(well_active >= (standby > 0 ? std::min(well, min_healthy) : well));
    // With half or more of them answering those serve alone.
    REQUIRE((silent == 0 || 2 * (serving - silent) < serving));
  }
}
