#include <bulwark/redundancy/detail/replica_usage.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

// Which replicas get requests: what groups and ejection decide together.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point day_one{1h};

using act = redundancy_step_kind;

/// A service's replicas, which all are up.
struct stage {
  replica_usage it;
  time_point now = day_one;
  std::vector<uint64_t> incarnations;

  stage(size_t active, size_t standby, usage_options options = {})
    : it(names(active + standby), with(options, active, standby), day_one),
      incarnations(active + standby) {
    for (size_t i = 0; i < active + standby; ++i)
      up(i);
  }

  static std::vector<std::string> names(size_t n) {
    std::vector<std::string> result;
    for (size_t i = 0; i < n; ++i)
      result.push_back("r" + std::to_string(i));
    return result;
  }

  static usage_options with(usage_options options, size_t active,
                            size_t standby) {
    options.active = active;
    options.standby = standby;
    return options;
  }

  replica_usage::steps up(size_t which) {
    return it.up(which, ++incarnations[which], now);
  }

  replica_usage::steps down(size_t which, double load = 0) {
    return it.down(which, incarnations[which], "boom", load, now);
  }

  /// Answers with so many errors in a row.
  replica_usage::steps errors(size_t which, int n = 5) {
    replica_usage::steps result;
    for (int i = 0; i < n; ++i) {
      now += 1ms;
      for (const auto& each :
           it.answered(which, {outlier_ejection::ending::error, now, 1us}, now))
        result.push_back(each);
    }
    return result;
  }
};

std::vector<act> kinds(const replica_usage::steps& all) {
  std::vector<act> result;
  for (const auto& each : all)
    if (const auto* step = std::get_if<redundancy_step>(&each))
      result.push_back(step->kind);
  return result;
}

template <class Step>
std::vector<Step> only(const replica_usage::steps& all) {
  std::vector<Step> result;
  for (const auto& each : all)
    if (const auto* step = std::get_if<Step>(&each))
      result.push_back(*step);
  return result;
}

usage_options with_ejection() {
  usage_options result;
  result.ejection.emplace();
  return result;
}

usage_options at_least(size_t n) {
  usage_options result;
  result.group.min_healthy = n;
  return result;
}

} // namespace

TEST_CASE("standbys get nothing until an active one fails", "[usage]") {
  stage db{2, 2, at_least(2)};
  CHECK(db.it.used() == 0b0011);
  auto steps = db.down(0, 7);
  CHECK(kinds(steps)
        == std::vector{act::replica_failed, act::standby_promoted,
                       act::load_redistributed});
  CHECK(db.it.used() == 0b0110);
  CHECK(to_text(db.it.health()) == "75.0% (MEDIUM tolerance)");
}

TEST_CASE("a failover is an outage that is over when it is carried out",
          "[usage]") {
  stage db{2, 2, at_least(2)};
  auto began = only<outage_step>(db.down(0));
  CHECK(began == std::vector{outage_step{false, 1, 0, {}, false}});
  CHECK(db.it.outage());
  db.now += 3ms;
  auto over = only<outage_step>(db.it.arranged(db.now));
  CHECK(
    over
    == std::vector{outage_step{true, 2, redundancy_step::nobody, 3ms, true}});
  CHECK_FALSE(db.it.outage());
  CHECK(db.it.arranged(db.now).empty());
}

TEST_CASE("without a standby left the outage lasts until somebody is up",
          "[usage]") {
  stage db{1, 1};
  db.down(0);
  db.it.arranged(db.now);
  auto steps = db.down(1);
  CHECK(kinds(steps) == std::vector{act::replica_failed, act::group_exhausted});
  CHECK(only<outage_step>(steps).size() == 1);
  CHECK(db.it.used() == 0);
  CHECK(db.it.arranged(db.now).empty());
  db.now += 1s;
  db.up(1);
  // It comes back while too few are active: promoted at once.
  CHECK(db.it.used() == 0b10);
  auto over = only<outage_step>(db.it.arranged(db.now));
  REQUIRE(over.size() == 1);
  CHECK(over[0].length == 1s);
  CHECK(over[0].by_failover);
}

TEST_CASE("a failed standby is no outage", "[usage]") {
  stage db{1, 1};
  auto steps = db.down(1);
  CHECK(kinds(steps) == std::vector{act::replica_failed});
  CHECK(only<outage_step>(steps).empty());
  CHECK(db.it.used() == 0b01);
}

TEST_CASE("news of an incarnation that is gone change nothing", "[usage]") {
  stage db{1, 1};
  db.down(0);
  CHECK(db.it.down(0, 1, "again", 0, db.now).empty());
  // That it came up is told late.
  CHECK(db.it.up(0, 1, db.now).empty());
  CHECK(db.it.used() == 0b10);
  db.up(0);
  CHECK(db.it.down(0, 1, "of the one before", 0, db.now).empty());
  CHECK(db.it.members()[0].status == member_status::healthy);
}

TEST_CASE("one that never came up fails, and its standby takes over",
          "[usage]") {
  replica_usage it{{"a", "b"}, {1, 1, {}, {}}, day_one};
  CHECK(it.health().recovering_components == 2);
  CHECK(it.health().fault_tolerance_level == fault_tolerance::low);
  it.up(1, 1, day_one);
  CHECK(it.used() == 0);
  CHECK(kinds(it.down(0, 1, "no start", 0, day_one))
        == std::vector{act::replica_failed, act::standby_promoted});
  CHECK(it.used() == 0b10);
}

TEST_CASE("a standby takes over for an active one that is ejected",
          "[usage][ejection]") {
  stage db{1, 1, with_ejection()};
  auto steps = db.errors(0);
  REQUIRE(only<ejection_change>(steps).size() == 1);
  CHECK(kinds(steps) == std::vector{act::standby_promoted, act::stood_down});
  CHECK(only<outage_step>(steps).empty());
  CHECK(db.it.used() == 0b10);
  // And when that one dies, the other one comes back early.
  steps = db.down(1);
  REQUIRE(only<ejection_change>(steps).size() == 1);
  CHECK_FALSE(only<ejection_change>(steps)[0].ejected);
  CHECK(db.it.used() == 0b01);
  CHECK(only<redundancy_step>(steps).back().kind != act::group_exhausted);
}

TEST_CASE("without standbys only ejections are told", "[usage][ejection]") {
  stage pool{4, 0, with_ejection()};
  auto steps = pool.errors(2);
  CHECK(steps.size() == 1);
  CHECK(pool.it.used() == 0b1011);
  CHECK(pool.down(0).empty());
  CHECK(pool.it.used() == 0b1010);
  CHECK(pool.it.next() == pool.now + 30s);
  pool.now += 30s;
  auto back = only<ejection_change>(pool.it.wake(pool.now));
  REQUIRE(back.size() == 1);
  CHECK(back[0].member == 2);
  CHECK(pool.it.used() == 0b1110);
}

TEST_CASE("below half of all everybody who is up is used",
          "[usage][ejection]") {
  stage pool{4, 0, with_ejection()};
  pool.errors(0);
  pool.errors(1);
  CHECK(pool.it.used() == 0b1100);
  // Three are up, of which one may be ejected: the other one comes back.
  auto steps = pool.down(3);
  CHECK(only<ejection_change>(steps).size() == 1);
  CHECK(only<panic_step>(steps).empty());
  steps = pool.down(2);
  CHECK(pool.it.used() == 0b0011);
}

TEST_CASE("panic is told once, when it begins", "[usage][ejection]") {
  auto options = with_ejection();
  options.ejection->panic_below = 1;
  stage pool{4, 0, options};
  auto steps = pool.errors(0);
  CHECK(only<panic_step>(steps) == std::vector{panic_step{3, 1}});
  CHECK(pool.it.used() == 0b1111);
  CHECK(pool.it.health().panic);
  CHECK(only<panic_step>(pool.errors(1)).empty());
  pool.now += 1min;
  pool.it.wake(pool.now);
  CHECK_FALSE(pool.it.health().panic);
  CHECK(only<panic_step>(pool.errors(0)).size() == 1);
}

TEST_CASE("a restart ends an ejection", "[usage][ejection]") {
  stage pool{3, 0, with_ejection()};
  pool.errors(1);
  CHECK(pool.it.used() == 0b101);
  pool.down(1);
  pool.up(1);
  CHECK(pool.it.used() == 0b111);
  CHECK(pool.it.next() == time_point::max());
}

TEST_CASE(
  "who is added by scaling gets requests, and is no member of the group",
  "[usage]") {
  stage db{1, 1};
  db.it.up(2, 1, db.now);
  CHECK(db.it.used() == 0b101);
  CHECK(db.it.health().total_components == 2);
  CHECK(db.it.down(2, 1, "boom", 0, db.now).empty());
  CHECK(db.it.used() == 0b001);
}

TEST_CASE("a preferred one comes back after a while of health", "[usage]") {
  usage_options options;
  options.group.policy = fail_back::preferred;
  stage db{1, 1, options};
  db.down(0);
  db.up(0);
  CHECK(db.it.used() == 0b10);
  CHECK(db.it.next() == db.now + 60s);
  db.now += 60s;
  CHECK(kinds(db.it.wake(db.now))
        == std::vector{act::failed_back, act::stood_down});
  CHECK(db.it.used() == 0b01);
}

TEST_CASE("whatever happens, as many serve as can, and never more",
          "[usage][random]") {
  auto seed = GENERATE(range(0, 300));
  CAPTURE(seed);
  std::mt19937_64 rng{static_cast<uint64_t>(seed)};
  auto any = [&](size_t n) { return static_cast<size_t>(rng() % n); };
  auto active = 1 + any(3);
  auto standby = any(3);
  auto options = any(2) == 0 ? with_ejection() : usage_options{};
  options.group.min_healthy = 1 + any(active);
  if (any(2) == 0)
    options.group.policy = fail_back::preferred;
  stage all{active, standby, options};
  auto n = active + standby;
  std::vector<bool> up(n, true);
  for (int i = 0; i < 200; ++i) {
    all.now += std::chrono::milliseconds{any(20'000)};
    auto which = any(n);
    switch (any(3)) {
    case 0:
      if (up[which])
        all.down(which);
      else
        all.up(which);
      up[which] = !up[which];
      break;
    case 1:
      all.errors(which);
      break;
    default:
      all.it.wake(all.now);
    }
    all.it.arranged(all.now);
    auto used = all.it.used();
    auto count = static_cast<size_t>(__builtin_popcountll(used));
    size_t can = 0;
    for (size_t k = 0; k < n; ++k) {
      can += up[k];
      if ((used >> k & 1) != 0)
        CHECK(up[k]);
    }
    CHECK(count <= active);
    CHECK((count > 0) == (can > 0));
    // One that is ejected is not promoted, until nobody else is left.
    if (!options.ejection)
      CHECK(
        all.it.outage()
        == (standby > 0 && std::min(can, active) < options.group.min_healthy));
  }
}
