#include <bulwark/redundancy/detail/redundancy_group.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

// The example of the document that the project grew from, and what its group
// did wrong: each fault is a test.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point day_one{1h};

/// Two active, two standby, at least two.
redundancy_group database() {
  group_options options;
  options.min_healthy = 2;
  return {{"db-primary-1", "db-primary-2"},
          {"db-standby-1", "db-standby-2"},
          options,
          day_one};
}

std::vector<std::string> serving(const redundancy_group& group) {
  std::vector<std::string> result;
  for (const auto& each : group.members())
    if (each.active)
      result.push_back(each.id);
  return result;
}

size_t promotions(const redundancy_group::steps& steps) {
  return static_cast<size_t>(
    std::count_if(steps.begin(), steps.end(), [](const auto& each) {
      return each.kind == redundancy_step_kind::standby_promoted;
    }));
}

} // namespace

TEST_CASE("a primary fails, a standby is promoted, and the group is at 75 %, "
          "medium",
          "[group][seed]") {
  auto group = database();
  CHECK(to_text(group.health()) == "100.0% (HIGH tolerance)");
  group.failed(0, "connection refused", day_one + 1s);
  CHECK(serving(group)
        == std::vector<std::string>{"db-primary-2", "db-standby-1"});
  auto health = group.health();
  CHECK(to_text(health) == "75.0% (MEDIUM tolerance)");
  group_health expected;
  expected.total_components = 4;
  expected.healthy_components = 3;
  expected.failed_components = 1;
  expected.active_components = 2;
  expected.standby_components = 1;
  expected.health_percentage = 75;
  expected.fault_tolerance_level = fault_tolerance::medium;
  expected.can_handle_failures = true;
  CHECK(health == expected);
}

TEST_CASE("a group that can lose nobody does not say that it can",
          "[group][seed]") {
  auto group = database();
  group.failed(0, "boom", day_one);
  group.failed(2, "boom", day_one);
  // Two are left, and two are demanded: the seed's >= said yes.
  auto health = group.health();
  CHECK(health.healthy_components == 2);
  CHECK(health.fault_tolerance_level == fault_tolerance::medium);
  CHECK_FALSE(health.can_handle_failures);
  group.failed(1, "boom", day_one);
  CHECK(group.health().fault_tolerance_level == fault_tolerance::low);
}

TEST_CASE("a degraded active does not block a promotion", "[group][seed]") {
  auto group = database();
  CHECK(promotions(group.degraded(0, "slow disk")) == 1);
  CHECK(serving(group)
        == std::vector<std::string>{"db-primary-2", "db-standby-1"});
  CHECK(promotions(group.failed(1, "boom", day_one)) == 1);
  CHECK(serving(group)
        == std::vector<std::string>{"db-standby-1", "db-standby-2"});
}

TEST_CASE("a standby that is not well is passed over, and promoted when it is",
          "[group][seed]") {
  auto group = database();
  group.degraded(2, "slow disk");
  group.failed(0, "boom", day_one);
  CHECK(serving(group)
        == std::vector<std::string>{"db-primary-2", "db-standby-2"});
  group.failed(1, "boom", day_one);
  CHECK(serving(group) == std::vector<std::string>{"db-standby-2"});
  group.healthy(2, day_one + 1s);
  CHECK(serving(group)
        == std::vector<std::string>{"db-standby-1", "db-standby-2"});
}

TEST_CASE("a second notice of one failure starts no second recovery",
          "[group][seed]") {
  auto group = database();
  CHECK(promotions(group.failed(0, "boom", day_one)) == 1);
  CHECK(group.failed(0, "boom", day_one).empty());
  group.recovering(0);
  group.recovering(0);
  const auto& it = group.members()[0];
  CHECK(it.failure_count == 1);
  CHECK(it.recovery_attempts == 1);
  group.healthy(0, day_one + 1s);
  group.healthy(0, day_one + 1s);
  CHECK(group.members().size() == 4);
  auto health = group.health();
  CHECK(health.active_components == 2);
  CHECK(health.standby_components == 2);
}

TEST_CASE("failed standbys do not count for the level", "[group][seed]") {
  auto group = database();
  group.failed(2, "boom", day_one);
  group.failed(3, "boom", day_one);
  auto health = group.health();
  CHECK(health.standby_components == 0);
  CHECK(health.fault_tolerance_level == fault_tolerance::medium);
  CHECK_FALSE(health.can_handle_failures);
}

TEST_CASE("degraded ends", "[group][seed]") {
  auto group = database();
  group.degraded(0, "slow disk");
  CHECK(group.members()[0].reason == "slow disk");
  CHECK(group.health().degraded_components == 1);
  group.healthy(0, day_one + 1s);
  CHECK(group.members()[0].status == member_status::healthy);
  CHECK(group.members()[0].reason.empty());
  CHECK(group.health().degraded_components == 0);
}

// The seed took every error that was no timeout for a sign that its node is not
// well; here only who says so makes a member degraded.
TEST_CASE("an error that a member answers leaves it as it is",
          "[group][seed]") {
  auto group = database();
  for (int i = 0; i < 100; ++i)
    group.healthy(0, day_one + i * 1s);
  CHECK(group.members()[0].status == member_status::healthy);
  CHECK(group.health().healthy_components == 4);
}

TEST_CASE("where one is demanded there are never two that take writes",
          "[group][seed]") {
  group_options options;
  redundancy_group group{{"primary"}, {"standby"}, options, day_one};
  group.degraded(0, "slow disk");
  CHECK(serving(group) == std::vector<std::string>{"standby"});
  group.healthy(0, day_one + 1s);
  CHECK(serving(group) == std::vector<std::string>{"standby"});
  group.ejected(1, true);
  CHECK(serving(group) == std::vector<std::string>{"primary"});
  group.ejected(1, false);
  CHECK(serving(group) == std::vector<std::string>{"primary"});
}

TEST_CASE("an ejected active is not healthy, and shown apart",
          "[group][seed]") {
  auto group = database();
  CHECK(promotions(group.ejected(0, true)) == 1);
  auto health = group.health(true);
  CHECK(health.ejected_components == 1);
  CHECK(health.panic);
  CHECK(health.fault_tolerance_level == fault_tolerance::medium);
  group.failed(0, "boom", day_one);
  CHECK(group.health().ejected_components == 0);
}
