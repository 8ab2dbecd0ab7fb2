#include "core/option_rows.hpp"

#include <bulwark/redundancy/detail/redundancy_group.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

// Who is active, who stands by, and who takes over from whom.

using namespace bulwark;
using namespace std::chrono_literals;
using kind = redundancy_step_kind;

namespace {

constexpr time_point noon{12h};

group_options at_least(size_t n, fail_back policy = fail_back::stay) {
  group_options result;
  result.min_healthy = n;
  result.policy = policy;
  return result;
}

std::vector<size_t> active_of(const redundancy_group& group) {
  std::vector<size_t> result;
  for (size_t i = 0; i < group.members().size(); ++i)
    if (group.members()[i].active)
      result.push_back(i);
  return result;
}

std::set<kind> kinds_of(const redundancy_group::steps& steps) {
  std::set<kind> result;
  for (const auto& each : steps)
    result.insert(each.kind);
  return result;
}

/// One active, one standby.
redundancy_group primary_and_standby(fail_back policy) {
  return {{"a"}, {"s"}, at_least(1, policy), noon};
}

} // namespace

TEST_CASE("a standby is promoted in the place of one that failed", "[group]") {
  redundancy_group group{{"a", "b"}, {"s", "t"}, at_least(2), noon};
  group.load(0, 0.5);
  auto steps = group.failed(0, "boom", noon + 1s);
  CHECK(steps
        == redundancy_group::steps{
          {kind::replica_failed, 0},
          {kind::standby_promoted, 2, 0},
          {kind::load_redistributed, 0, redundancy_step::nobody, 0.5}});
  CHECK(active_of(group) == std::vector<size_t>{1, 2});
  const auto& it = group.members()[0];
  CHECK(it.status == member_status::failed);
  CHECK(it.failure_count == 1);
  CHECK(it.load == 0);
  CHECK(it.reason == "boom");
}

TEST_CASE("while enough are good nobody is promoted, and who comes back has "
          "its place",
          "[group]") {
  redundancy_group group{{"a", "b"}, {"s"}, at_least(1), noon};
  CHECK(kinds_of(group.failed(0, "boom", noon))
        == std::set{kind::replica_failed});
  CHECK(active_of(group) == std::vector<size_t>{1});
  group.recovering(0);
  CHECK(group.healthy(0, noon + 1s)
        == redundancy_group::steps{{kind::resumed, 0}});
  CHECK(active_of(group) == std::vector<size_t>{0, 1});
}

TEST_CASE("the fields of a member follow its life", "[group]") {
  auto group = primary_and_standby(fail_back::stay);
  const auto& it = group.members()[0];
  group.failed(0, "boom", noon);
  for (uint32_t n = 1; n <= 3; ++n) {
    group.recovering(0);
    CHECK(it.status == member_status::recovering);
    CHECK(it.recovery_attempts == n);
    group.failed(0, "again", noon + n * 1s);
    CHECK(it.failure_count == n + 1);
  }
  group.recovering(0);
  group.healthy(0, noon + 10s);
  CHECK(it.status == member_status::healthy);
  CHECK(it.recovery_attempts == 0);
  CHECK(it.last_health_check == noon + 10s);
  CHECK(it.failure_count == 4);
  CHECK(it.reason.empty());
  group.healthy(0, noon + 20s);
  CHECK(it.last_health_check == noon + 20s);
  CHECK(it.healthy_since == noon + 10s);
}

TEST_CASE("who comes back while too few are active is promoted at once",
          "[group]") {
  auto group = primary_and_standby(fail_back::stay);
  group.failed(1, "boom", noon);
  CHECK(kinds_of(group.failed(0, "boom", noon))
        == std::set{kind::replica_failed, kind::group_exhausted});
  CHECK(active_of(group).empty());
  // It is told once.
  group.recovering(0);
  CHECK(kinds_of(group.failed(0, "boom", noon))
        == std::set{kind::replica_failed});
  CHECK(group.healthy(1, noon + 1s)
        == redundancy_group::steps{{kind::standby_promoted, 1}});
  CHECK(active_of(group) == std::vector<size_t>{1});
}

TEST_CASE("neither a failed nor an ejected nor a degraded standby is promoted",
          "[group]") {
  redundancy_group group{{"a"}, {"s", "t", "u", "v"}, at_least(1), noon};
  group.failed(1, "boom", noon);
  group.ejected(2, true);
  group.degraded(3, "slow");
  group.failed(0, "boom", noon);
  CHECK(active_of(group) == std::vector<size_t>{4});
}

TEST_CASE(
  "one that is degraded serves when otherwise nobody would, until one is "
  "good",
  "[group]") {
  redundancy_group group{{"a"}, {"s", "t"}, at_least(1), noon};
  group.degraded(1, "slow");
  group.failed(2, "boom", noon);
  CHECK(group.failed(0, "boom", noon)
        == redundancy_group::steps{{kind::replica_failed, 0},
                                   {kind::standby_promoted, 1, 0},
                                   {kind::group_exhausted}});
  CHECK(active_of(group) == std::vector<size_t>{1});
  group.healthy(2, noon + 1s);
  CHECK(active_of(group) == std::vector<size_t>{2});
}

TEST_CASE("by stay the stand-in goes on, by preferred it stands down after a "
          "minute of health",
          "[group]") {
  auto policy = GENERATE(fail_back::stay, fail_back::preferred);
  auto group = primary_and_standby(policy);
  group.failed(0, "boom", noon);
  group.recovering(0);
  CHECK(group.healthy(0, noon + 1s).empty());
  CHECK(active_of(group) == std::vector<size_t>{1});
  CHECK(group.wake(noon + 61s - 1ns).empty());
  auto steps = group.wake(noon + 61s);
  if (policy == fail_back::stay) {
    CHECK(group.next() == time_point::max());
    CHECK(steps.empty());
    return;
  }
  CHECK(steps
        == redundancy_group::steps{{kind::failed_back, 0, 1},
                                   {kind::stood_down, 1, 0}});
  CHECK(active_of(group) == std::vector<size_t>{0});
  CHECK(group.next() == time_point::max());
}

TEST_CASE("who failed twice within ten minutes stays standby, as long as "
          "others will do",
          "[group]") {
  auto group = primary_and_standby(fail_back::preferred);
  group.failed(0, "boom", noon);
  group.healthy(0, noon + 1s);
  CHECK(group.next() == noon + 61s);
  group.wake(noon + 61s);
  REQUIRE(active_of(group) == std::vector<size_t>{0});
  group.failed(0, "boom", noon + 9min);
  group.healthy(0, noon + 10min);
  CHECK(group.next() == time_point::max());
  CHECK(group.wake(noon + 10h).empty());
  CHECK(active_of(group) == std::vector<size_t>{1});
  // There is nobody else.
  group.failed(1, "boom", noon + 11h);
  CHECK(active_of(group) == std::vector<size_t>{0});
}

TEST_CASE("a place that a stand-in leaves is its owner's", "[group]") {
  redundancy_group group{{"a", "b"}, {"s"}, at_least(1), noon};
  group.failed(0, "boom", noon);
  group.failed(1, "boom", noon);
  REQUIRE(active_of(group) == std::vector<size_t>{2});
  group.healthy(0, noon + 1s);
  group.healthy(1, noon + 1s);
  CHECK(active_of(group) == std::vector<size_t>{0, 2});
  group.failed(2, "boom", noon + 2s);
  CHECK(active_of(group) == std::vector<size_t>{0, 1});
}

TEST_CASE("bad group options are refused with field, value and rule",
          "[group]") {
  CHECK_FALSE(validate(at_least(2), 2, 2));
  CHECK(validate(at_least(3), 2, 2)
        == "min_healthy is 3; it must be at least 1 and at most 2");
  CHECK(validate(at_least(0), 2, 2)
        == "min_healthy is 0; it must be at least 1 and at most 2");
  CHECK(validate(at_least(1), 0, 2)
        == "active is 0; it must be at least 1 and at most 64");
  CHECK(validate(at_least(1), 60, 5)
        == "active + standby is 65; it must be at least 1 and at most 64");
  auto options = at_least(1);
  options.fail_back_after = -1s;
  CHECK(validate(options, 1, 1)
        == "group.fail_back_after is -1s; it must be 0ms or longer");
}

TEST_CASE("each status, policy and step has a name", "[group]") {
  CHECK(to_string(member_status::recovering) == "recovering");
  CHECK(to_string(fail_back::preferred) == "preferred");
  CHECK(to_string(kind::standby_promoted) == "standby_promoted");
  CHECK(to_string(kind::group_exhausted) == "group_exhausted");
  CHECK(to_string(fault_tolerance::high) == "HIGH");
}
