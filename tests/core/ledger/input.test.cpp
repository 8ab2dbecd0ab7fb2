// Which events count, and what happens at each bound.
#include "core/ledger/history.hpp"

#include <bulwark/ledger/detail/sequence_set.hpp>
#include <bulwark/ledger/report_json.hpp>
#include <bulwark/ledger/report_text.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace bulwark;
using namespace std::chrono_literals;
using kind = event_kind;

TEST_CASE("a number is new once, in whatever order", "[sequence_set]") {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random{seed};
    sequence_set seen;
    std::set<uint64_t> plain;
    for (int i = 0; i < 200; ++i) {
      auto number = 1 + random() % 100;
      INFO("seed " << seed << " number " << number);
      REQUIRE(seen.add(number) == plain.insert(number).second);
    }
    uint64_t missing = 0;
    for (const auto& hole : seen.holes())
      missing += hole.to - hole.from + 1;
    REQUIRE(seen.highest() == *plain.rbegin());
    REQUIRE(missing == seen.highest() - plain.size());
  }
}

TEST_CASE("beyond its holes a set takes the lowest for seen",
          "[sequence_set]") {
  sequence_set seen;
  for (uint64_t i = 1; i <= sequence_set::holes_max; ++i)
    CHECK(seen.add(2 * i));
  CHECK(seen.closed() == 0);
  CHECK(seen.add(2 * (sequence_set::holes_max + 1)));
  CHECK(seen.closed() == 1);
  CHECK_FALSE(seen.add(1));
  CHECK(seen.add(3));
}

TEST_CASE("numbers that are missing are told", "[ledger]") {
  history all;
  for (int i = 0; i < 10; ++i)
    all.tell(i * 1s, "alpha", kind::dead_letter, "x");
  all.boot(1h, "alpha");
  for (int i = 0; i < 4; ++i)
    all.tell(1h, "alpha", kind::dead_letter, "x");
  ledger book;
  for (auto i : {0u, 1u, 2u, 5u, 6u, 9u, 12u})
    book.add(all.events()[i]);
  CHECK(book.report(history::at(2h)).gaps
        == std::vector<sequence_gap>{
          {"alpha", 1, 4, 5}, {"alpha", 1, 8, 9}, {"alpha", 2, 1, 2}});
}

TEST_CASE("a hundred gaps are listed, further ones counted", "[ledger]") {
  history all;
  ledger book;
  for (int i = 0; i < 240; ++i) {
    auto what = all.tell(0s, "alpha", kind::dead_letter, "x");
    if (i % 2 == 1)
      book.add(what);
  }
  auto report = book.report(history::at(1h));
  CHECK(report.gaps.size() == 100);
  CHECK(report.gaps_more == 20);
}

TEST_CASE("what comes for a closed hour is late and changes nothing else",
          "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::failure_reported, "db");
  all.tell(1h, "alpha", kind::recovery_reported, "db");
  auto late = all.tell(2h, "alpha", kind::failure_reported, "db");
  auto in_time = all.tell(3h, "alpha", kind::failure_reported, "db");
  auto book = history{all}.book();
  ledger other;
  other.add(all.events()[0]);
  other.add(all.events()[1]);
  other.complete_until("alpha", history::at(28h));
  CHECK(other.closed_until() == history::at(3h));
  other.add(late);
  other.add(late);
  auto report = other.report(history::at(28h));
  CHECK(report.late == 1);
  CHECK(report.total_failures == 1);
  CHECK(report.gaps == std::vector<sequence_gap>{});
  other.add(in_time);
  CHECK(other.report(history::at(28h)).total_failures == 2);
}

TEST_CASE("the horizon is where all nodes that have not stopped are known",
          "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::node_started, "node/alpha");
  all.tell(0h, "beta", kind::node_started, "node/beta");
  all.tell(0h, "gamma", kind::node_started, "node/gamma");
  auto book = all.book();
  CHECK(book.closed_until() == wall_time::min());
  book.complete_until("alpha", history::at(100h));
  // Of the others nothing is known: a week behind is far enough.
  CHECK(book.closed_until() == history::at(100h - 168h - 25h));
  book.complete_until("beta", history::at(50h));
  book.complete_until("gamma", history::at(60h + 1s));
  CHECK(book.closed_until() == history::at(25h));
  book.add(all.tell(90h, "beta", kind::node_stopped, "node/beta"));
  book.complete_until("gamma", history::at(60h + 1s));
  CHECK(book.closed_until() == history::at(35h));
  // It never goes back.
  all.boot(91h, "beta");
  book.add(all.tell(91h, "beta", kind::node_started, "node/beta"));
  book.complete_until("gamma", history::at(70h));
  CHECK(book.closed_until() == history::at(35h));
}

TEST_CASE("a time before what is still exact is taken as that", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::failure_reported, "db");
  auto book = all.book();
  book.complete_until("alpha", history::at(100h));
  CHECK(book.report(history::at(50h)).timestamp == history::at(100h));
}

TEST_CASE("components beyond the limit are counted together", "[ledger]") {
  history all;
  for (const auto* name : {"a", "b", "c", "d"}) {
    all.tell(1h, "alpha", kind::failure_reported, name);
    all.tell(2h, "alpha", kind::recovery_reported, name);
  }
  ledger book{{.components_max = 2}};
  for (const auto& each : all.events())
    book.add(each);
  auto report = book.report(history::at(3h));
  CHECK(report.components.size() == 3);
  const auto& others = component_of(report, "alpha:...others");
  CHECK(others.kind == component_kind::others);
  CHECK(others.failures == 2);
  CHECK(others.recoveries == 2);
  CHECK(others.outages == 0);
  CHECK(report.total_failures == 2);
  CHECK(report.known_components == 2);
  CHECK(report.patterns.by_type.at("exception") == 4);
}

TEST_CASE("words beyond the limit are others", "[ledger]") {
  history all;
  for (int i = 0; i < 300; ++i)
    all.tell(1h, "alpha", kind::failure_reported, "db").type_word =
      "word" + std::to_string(i);
  // A word of our own takes no place.
  all.tell(1h, "alpha", kind::failure_reported, "db").type_word = "hung";
  all.tell(1h, "alpha", kind::failure_reported, "db").failure =
    failure_type::hung;
  auto by_type = all.book().report(history::at(2h)).patterns.by_type;
  CHECK(by_type.size() == 258);
  CHECK(by_type.at("other") == 44);
  CHECK(by_type.at("hung") == 2);
}

TEST_CASE("nodes and boots beyond the limits are refused", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::failure_reported, "db");
  all.tell(0h, "beta", kind::failure_reported, "db");
  all.boot(1h, "alpha");
  all.tell(1h, "alpha", kind::failure_reported, "db");
  auto refused = [&](ledger_options options) {
    ledger book{options};
    for (const auto& each : all.events())
      book.add(each);
    return book.report(history::at(2h)).refused;
  };
  CHECK(refused({}) == 0);
  CHECK(refused({.nodes_max = 1}) == 1);
  CHECK(refused({.boots_max = 2}) == 1);
}

TEST_CASE("a boot whose events are all closed makes room", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::failure_reported, "db");
  all.boot(50h, "alpha");
  ledger book{{.boots_max = 1}};
  book.add(all.events()[0]);
  book.complete_until("alpha", history::at(50h));
  book.add(all.tell(50h, "alpha", kind::failure_reported, "db"));
  auto report = book.report(history::at(51h));
  CHECK(report.refused == 0);
  CHECK(report.total_failures == 2);
}

TEST_CASE("what cannot be is refused", "[ledger]") {
  history all;
  auto what = all.tell(0h, "alpha", kind::node_lost, "/root/orders");
  auto zero = all.tell(0h, "alpha", kind::failure_reported, "db");
  zero.sequence = 0;
  ledger book;
  book.add(what);
  book.add(zero);
  auto report = book.report(history::at(1h));
  CHECK(report.refused == 2);
  CHECK(report.components.empty());
}

TEST_CASE("warnings are counted by how they ended, in any order", "[ledger]") {
  history all;
  for (auto after : {1h, 2h, 3h})
    all.tell(after, "alpha", kind::warning_raised, "bulkhead/web");
  all.tell(90min, "alpha", kind::warning_settled, "bulkhead/web")
    .with("verdict", "hit");
  all.tell(150min, "alpha", kind::warning_settled, "bulkhead/web")
    .with("verdict", "false_alarm");
  auto book = all.book();
  auto report = book.report(history::at(4h));
  CHECK(report.warnings == warning_counts{3, 1, 1});
  CHECK(book.report(history::at(100min)).warnings == warning_counts{1, 1, 0});
  CHECK_THAT(to_text(report),
             Catch::Contains("3, of 2 settled ones came true 1 (50 %)"));
  CHECK_THAT(
    to_json(report),
    Catch::Contains(R"("warnings":{"raised":3,"hits":1,"false_alarms":1})"));
  // They make no component.
  CHECK(report.components.empty());
}

TEST_CASE("dropped events are added up as of the time asked for", "[ledger]") {
  history all;
  all.tell(1h, "alpha", kind::events_dropped, "/monitor").with("count", "7");
  all.tell(3h, "alpha", kind::events_dropped, "/monitor").with("count", "5");
  all.tell(3h, "alpha", kind::events_dropped, "/monitor").with("count", "x");
  auto book = all.book();
  CHECK(book.report(history::at(2h)).dropped == 7);
  CHECK(book.report(history::at(3h)).dropped == 12);
  CHECK(book.report(history::at(3h)).components.empty());
}

TEST_CASE("a query restricts lists and no sums", "[ledger]") {
  history all;
  for (int i = 0; i < 7; ++i)
    for (const auto* name : {"db", "web"})
      all.tell(1h, "alpha", kind::failure_reported, name);
  report_query query;
  query.component = "*web";
  auto report = all.book().report(history::at(2h), query);
  REQUIRE(report.components.size() == 1);
  CHECK(report.components[0].id == "alpha:web");
  CHECK(report.budgets.size() == 1);
  CHECK(report.total_failures == 14);
  CHECK(report.known_components == 2);
  for (const auto& each : report.recommendations)
    CHECK(each.component != "alpha:db");
}

TEST_CASE("no time is too strange", "[ledger]") {
  history all;
  auto what = all.tell(1h, "alpha", kind::failure_reported, "db");
  ledger book;
  for (auto booted : {wall_time::min(), wall_time::max()}) {
    what.booted = booted;
    book.add(what);
  }
  what.booted = history::start;
  what.uptime = -1ns;
  book.add(what);
  CHECK(book.report(history::at(1h)).refused == 3);
  what.uptime = 24h * 365 * 100;
  book.add(what);
  what.sequence = 2;
  what.kind = kind::recovery_reported;
  what.downtime = duration::max();
  book.add(what);
  what = all.tell(1h, "beta", kind::node_crashed, "node/beta");
  what.booted = wall_time{};
  what.downtime = duration::max();
  book.add(what);
  book.complete_until("alpha", wall_time::min());
  for (auto now : {wall_time::min(), wall_time::max()}) {
    auto report = book.report(now);
    CHECK(report.refused == 3);
    CHECK(report.availability.last_24h <= 100);
  }
  CHECK(component_of(book.report(wall_time::max()), "alpha:db").mttr_minutes
        == 365 * 24 * 60);
  book.complete_until("alpha", wall_time::max());
  book.complete_until("beta", wall_time::max());
  CHECK(book.report(wall_time::max()).total_failures == 2);
}

TEST_CASE("events beyond the limit are refused until hours are closed",
          "[ledger]") {
  history all;
  for (int i = 0; i < 3; ++i)
    all.tell(i * 1h, "alpha", kind::failure_reported, "db");
  ledger book{{.events_max = 2}};
  for (const auto& each : all.events())
    book.add(each);
  CHECK(book.report(history::at(3h)).refused == 1);
  CHECK(book.report(history::at(3h)).total_failures == 2);
  book.complete_until("alpha", history::at(26h));
  book.add(all.events()[2]);
  CHECK(book.report(history::at(26h)).total_failures == 3);
}

TEST_CASE("numbers that were seen and removed are no gap", "[ledger][input]") {
  sequence_set seen;
  for (auto number : {uint64_t{3}, uint64_t{7}, uint64_t{12}})
    seen.add(number);
  using hole = sequence_set::hole;
  REQUIRE(seen.holes() == std::vector<hole>{{1, 2}, {4, 6}, {8, 11}});
  SECTION("all") {
    seen.fill(1, 12);
    CHECK(seen.holes().empty());
  }
  SECTION("the middle of a hole") {
    seen.fill(9, 10);
    CHECK(seen.holes() == std::vector<hole>{{1, 2}, {4, 6}, {8, 8}, {11, 11}});
  }
  SECTION("over several") {
    seen.fill(2, 9);
    CHECK(seen.holes() == std::vector<hole>{{1, 1}, {10, 11}});
  }
  SECTION("beyond the end") {
    seen.fill(15, 20);
    CHECK(seen.highest() == 20);
    CHECK(seen.holes() == std::vector<hole>{{1, 2}, {4, 6}, {8, 11}, {13, 14}});
    CHECK_FALSE(seen.add(17));
    CHECK(seen.add(21));
  }
}

TEST_CASE("a report names no gap where a store removed events",
          "[ledger][input]") {
  history all;
  all.tell(1h, "alpha", kind::service_started, "/root/a");
  auto one = all.events().back();
  one.sequence = 900;
  ledger book;
  book.add(one);
  REQUIRE(book.report(history::at(2h)).gaps.size() == 1);
  book.removed("alpha", one.boot, 1, 900);
  book.removed("beta", one.boot, 1, 900);
  CHECK(book.report(history::at(2h)).gaps.empty());
}
