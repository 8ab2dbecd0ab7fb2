#include <bulwark/replication/detail/candidacy.hpp>
#include <bulwark/replication/server_plan.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using order = server_order::kind;

namespace {

const std::vector<std::string> three{"pg-1", "pg-2", "pg-3"};

server_view primary_at(uint64_t timeline, uint64_t place) {
  server_view it;
  it.answered = it.running = it.open = true;
  it.timeline = timeline;
  it.place = place;
  return it;
}

server_view standby_at(uint64_t timeline, uint64_t place,
                       const std::string& source) {
  auto it = primary_at(timeline, place);
  it.standby = true;
  it.source = source;
  return it;
}

server_view left_at(uint64_t timeline, uint64_t place, uint64_t promised = 0) {
  auto it = standby_at(timeline, place, "");
  it.left = true;
  it.promised = promised;
  return it;
}

server_view ended(server_view it) {
  it.running = it.open = it.left = false;
  return it;
}

std::string plan_text(const std::vector<server_view>& views) {
  auto plan = plan_servers(three, views, 2);
  std::string result = plan.missing;
  for (const auto& each : plan.orders)
    result += (result.empty() ? "" : ", ") + to_string(each.what) + " "
              + three[each.which]
              + (each.source == each.which ? "" : " " + three[each.source]);
  return result;
}

} // namespace

TEST_CASE("both standbys leave before the furthest is promoted",
          "[server_plan]") {
  auto dead = ended(primary_at(1, 0));
  CHECK(plan_text({dead, standby_at(1, 7, "pg-1"), standby_at(1, 9, "pg-1")})
        == "leave pg-2, leave pg-3");
  CHECK(plan_text({dead, left_at(1, 7), standby_at(1, 9, "pg-1")})
        == "leave pg-3");
  CHECK(plan_text({dead, left_at(1, 7), left_at(1, 9)})
        == "promise pg-2, promise pg-3");
  CHECK(plan_text({dead, left_at(1, 7, 2), left_at(1, 9, 2)})
        == "promote pg-3");
  CHECK(plan_text({{}, left_at(1, 7, 2), left_at(1, 7, 2)}) == "promote pg-2");
  // It may have been promoted, and have died before anybody followed it.
  CHECK(plan_text({primary_at(1, 9), left_at(1, 7, 2), {}}) == "stop pg-1");
  CHECK(plan_text({dead, left_at(1, 7, 2), {}}).starts_with("1 of 3 members"));
}

TEST_CASE("the old primary is stopped before, if it can be", "[server_plan]") {
  auto asleep = primary_at(1, 9);
  asleep.hung = true;
  CHECK(plan_text({asleep, left_at(1, 7), left_at(1, 9)}) == "stop pg-1");
}

TEST_CASE("with one standby less the last primary starts again, and serves "
          "when a standby has all that it has",
          "[server_plan]") {
  auto dead = ended(primary_at(1, 0));
  CHECK(plan_text({dead, left_at(1, 7), {}}) == "restart pg-1");
  auto closed = primary_at(1, 9);
  closed.open = false;
  CHECK(plan_text({closed, left_at(1, 7), {}})
        == "follow pg-2 pg-1, open pg-1");
  CHECK(plan_text({{}, left_at(1, 7), {}})
        == "1 of 3 members have told their position, and 2 are needed; "
           "missing: pg-1, pg-3");
}

TEST_CASE("a standby that was away for days is not promoted alone",
          "[server_plan]") {
  // Others promoted the one that was up, and lost six days.
  CHECK(plan_text({{}, ended(standby_at(1, 2, "pg-1")), {}}) == "leave pg-2");
  CHECK(plan_text({{}, left_at(1, 2), {}}).starts_with("1 of 3 members"));
  // The last primary does not start either where a standby is further.
  CHECK(plan_text({ended(primary_at(1, 0)), left_at(2, 2), {}})
          .starts_with("1 of 3 members"));
}

TEST_CASE("a primary that was replaced and starts again is none",
          "[server_plan]") {
  // Others had two primaries then.
  CHECK(
    plan_text({primary_at(1, 99), primary_at(2, 9), standby_at(2, 9, "pg-2")})
    == "rejoin pg-1 pg-2");
  CHECK(plan_text({primary_at(1, 99), {}, standby_at(2, 9, "pg-2")})
        == "stop pg-1, leave pg-3");
}

TEST_CASE("who follows somebody else changes, who cannot drops",
          "[server_plan]") {
  auto stuck = standby_at(1, 9, "pg-2");
  stuck.stuck = true;
  CHECK(plan_text({stuck, primary_at(2, 9), standby_at(1, 9, "pg-1")})
        == "rejoin pg-1 pg-2, follow pg-3 pg-2");
  server_view empty;
  empty.answered = empty.empty = true;
  CHECK(plan_text({primary_at(1, 1), empty, ended(standby_at(1, 1, ""))})
        == "follow pg-2 pg-1, follow pg-3 pg-1");
  CHECK(plan_text({empty, empty, empty}) == "create pg-1");
  // Its data may be the only ones.
  CHECK(plan_text({empty, empty, {}}).starts_with("0 of 3 members"));
}

TEST_CASE("a member tries to lead after once to twice its patience",
          "[replication]") {
  using namespace std::chrono_literals;
  time_point start{};
  candidacy it{100ms, start, 0.5};
  CHECK_FALSE(it.due(start + 149ms));
  CHECK(it.due(start + 150ms));
  it.heard(start + 100ms, 0);
  CHECK_FALSE(it.due(start + 199ms));
  CHECK(it.due(start + 200ms));
  // Of a primary that is known to be gone it waits for a quarter at most.
  it.lost(start + 100ms, 0.8);
  CHECK_FALSE(it.due(start + 119ms));
  CHECK(it.due(start + 120ms));
}
