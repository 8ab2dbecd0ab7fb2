#include "support/temp_folder.hpp"

#include <bulwark/database/database_cluster.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// The four members of the seed, with a table in it.
struct four_members {
  four_members() {
    cluster.execute_write(
      {"", {{"create table t (id integer primary key, n integer)"}}, true});
    cluster.execute_write({"", {{"insert into t values (1, 0)"}}});
  }

  query_result add_one(const std::string& id) {
    return cluster.execute_write(
      {id, {{"update t set n = n + 1 where id = 1 returning n"}}});
  }

  query_result read(const log_position& not_older = {}) {
    return cluster.execute_query({"select n from t"}, not_older);
  }

  test::temp_folder folder;
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::vector<std::string> said;
  database_cluster cluster{
    system,
    {.folder = folder.path(),
     .active = {"db-primary-1", "db-primary-2"},
     .standby = {"db-standby-1", "db-standby-2"},
     .min_healthy = 2,
     .retry = {.initial = 1ms},
     .notice = [this](const std::string& x) { said.push_back(x); }}};
};

} // namespace

TEST_CASE("writes go to the primary, reads to the active members in turn",
          "[database_cluster]") {
  four_members it;
  auto written = it.add_one("a");
  CHECK(written.success);
  CHECK(written.result == "1");
  CHECK(written.executed_on == "db-primary-1");
  CHECK(written.retry_count == 0);
  CHECK(it.read().executed_on == "db-primary-1");
  CHECK(it.read(written.where).executed_on == "db-primary-2");
  CHECK(it.read().executed_on == "db-primary-1");
  CHECK(it.read().result == "1");
  auto later = written.where;
  ++later.sequence;
  auto refused = it.read(later);
  CHECK_FALSE(refused.success);
  CHECK_THAT(refused.error, Contains("was asked for"));
}

TEST_CASE("the primary fails, a standby is promoted, and nothing is lost",
          "[database_cluster]") {
  four_members it;
  it.add_one("a");
  it.cluster.fail("db-primary-1");
  CHECK(to_text(it.cluster.health()) == "75.0% (MEDIUM tolerance)");
  CHECK(it.cluster.primary() == "db-primary-2");
  auto again = it.add_one("a");
  CHECK(again.result == "1");
  CHECK(again.executed_on == "db-primary-2");
  CHECK(it.add_one("b").result == "2");
  it.cluster.come_back("db-primary-1");
  CHECK(it.cluster.primary() == "db-primary-2");
  CHECK(to_text(it.cluster.health()) == "100.0% (HIGH tolerance)");
  it.cluster.fail("db-primary-2");
  CHECK(it.add_one("c").result == "3");
}

TEST_CASE("a primary whose load is too high takes no writes",
          "[database_cluster]") {
  four_members it;
  it.cluster.report_load("db-primary-1", 0.8);
  auto refused = it.add_one("a");
  CHECK_FALSE(refused.success);
  CHECK(refused.retry_count == 3);
  CHECK_THAT(refused.error, Contains("db-primary-1 has a load of 0.8"));
  CHECK(it.read().result == "0");
  it.cluster.report_load("db-primary-1", 0.79);
  CHECK(it.add_one("a").success);
}

TEST_CASE("a write that too few others have is unknown, and done once when it "
          "is tried again",
          "[database_cluster]") {
  four_members it;
  it.cluster.fail("db-standby-1");
  it.cluster.fail("db-standby-2");
  auto unknown = it.add_one("a");
  CHECK_FALSE(unknown.success);
  CHECK(unknown.retry_count == 3);
  CHECK_THAT(unknown.error, Contains("the outcome is unknown"));
  it.cluster.come_back("db-standby-2");
  auto again = it.add_one("a");
  CHECK(again.success);
  CHECK(again.result == "1");
  CHECK(it.read(again.where).result == "1");
}

TEST_CASE("with too few positions nobody leads, and the error says who is "
          "missing; an operator may force it",
          "[database_cluster]") {
  four_members it;
  it.add_one("a");
  it.cluster.fail("db-standby-1");
  it.cluster.fail("db-standby-2");
  it.cluster.fail("db-primary-1");
  CHECK(it.cluster.primary() == "");
  it.cluster.come_back("db-primary-1");
  CHECK(it.cluster.primary() != "");
  it.cluster.fail("db-primary-1");
  it.cluster.fail("db-primary-2");
  it.cluster.come_back("db-standby-2");
  CHECK(it.cluster.primary() == "");
  auto refused = it.add_one("b");
  CHECK_FALSE(refused.success);
  CHECK_THAT(refused.error,
             Contains("1 of 4 members have told their position, and 2 are "
                      "needed; missing: db-primary-1, db-primary-2, "
                      "db-standby-1"));
  it.said.clear();
  CHECK(it.cluster.force_primary());
  CHECK(it.cluster.primary() == "db-standby-2");
  CHECK(it.said.front() == "an operator forces a primary");
  CHECK_THAT(it.said.back(), Contains("forced: 1 of 4 members"));
}

TEST_CASE("a statement that is wrong is not tried again, and the node is fine",
          "[database_cluster]") {
  four_members it;
  auto wrong =
    it.cluster.execute_write({"", {{"insert into t values (1, 1)"}}});
  CHECK_FALSE(wrong.success);
  CHECK(wrong.retry_count == 1);
  CHECK_THAT(wrong.error, Contains("UNIQUE"));
  CHECK(to_text(it.cluster.health()) == "100.0% (HIGH tolerance)");
  CHECK_THAT(it.cluster.execute_query({"select x from t"}).error,
             Contains("no such column"));
  CHECK_THAT(it.cluster.execute_query({"delete from t"}).error,
             Contains("a read changes nothing"));
}
