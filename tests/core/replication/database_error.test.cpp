#include <bulwark/replication/database_error.hpp>
#include <bulwark/replication/replication_options.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;

TEST_CASE("an SQLSTATE says whether the node failed, and whether to try again",
          "[replication]") {
  auto [state, expected] = GENERATE(table<std::string, database_error>({
    {"", database_error::node_failed},
    {"08000", database_error::node_failed},
    {"08006", database_error::node_failed},
    {"57P01", database_error::node_failed},
    {"57P03", database_error::node_failed},
    {"58030", database_error::node_failed},
    {"XX001", database_error::node_failed},
    {"40001", database_error::again},
    {"40P01", database_error::again},
    {"55P03", database_error::again},
    {"25006", database_error::not_primary},
    {"53100", database_error::degraded},
    {"53300", database_error::degraded},
    {"22012", database_error::give_up},
    {"23505", database_error::give_up},
    {"42P01", database_error::give_up},
    // The statement was canceled, by its own limit.
    {"57014", database_error::give_up},
    {"40002", database_error::give_up},
  }));
  CAPTURE(state);
  CHECK(to_string(classify_sqlstate(state)) == to_string(expected));
}

TEST_CASE("only what is wrong with the statement is not worth another try",
          "[replication]") {
  CHECK(worth_another_try(database_error::node_failed));
  CHECK(worth_another_try(database_error::again));
  CHECK(worth_another_try(database_error::not_primary));
  CHECK(worth_another_try(database_error::degraded));
  CHECK_FALSE(worth_another_try(database_error::give_up));
}

TEST_CASE("two of three others acknowledge by default, so two of four tell",
          "[replication]") {
  replication_options options{.members = {"a", "b", "c", "d"}};
  CHECK_FALSE(validate(options));
  CHECK(options.acknowledgements == 2);
  CHECK(options.told_min() == 2);
}

TEST_CASE("a complaint about replication names field, value and rule",
          "[replication]") {
  replication_options good{.members = {"a", "b", "c"}};
  auto [change, complaint] =
    GENERATE(table<void (*)(replication_options&), std::string>({
      {[](replication_options& o) { o.members.clear(); },
       "replication.members is 0; it must be at least 1 and at most 9"},
      {[](replication_options& o) { o.members[1] = "a"; },
       "replication.members is a twice; it must be different names"},
      {[](replication_options& o) { o.members[1] = ""; },
       "replication.members is \"\"; it must be names"},
      {[](replication_options& o) { o.acknowledgements = 3; },
       "replication.acknowledgements is 3; it must be at least 0 and at most "
       "2"},
      {[](replication_options& o) { o.log_max = o.unacknowledged_max; },
       "replication.log_max is 1000; it must be at least 1001 and at most "
       "10000000"},
      {[](replication_options& o) { o.batch_max = 0; },
       "replication.batch_max is 0; it must be at least 1 and at most "
       "10000000"},
    }));
  change(good);
  CHECK(validate(good) == complaint);
}
