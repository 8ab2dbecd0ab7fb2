#include "demo/report.hpp"

#include <catch2/catch.hpp>

using namespace storefront;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("a clean record has no problem", "[demo]") {
  demo_record record;
  record.counts.sent = 10;
  record.counts.cut = 3;
  record.counts.by_status[503] = 7;
  record.services.push_back({"orders", 2, {2, 2, 1s}, {}});
  judge(record);
  CHECK(record.problems.empty());
}

TEST_CASE("each broken promise is a problem", "[demo]") {
  demo_record record;
  SECTION("no answer") {
    record.counts.unanswered = 1;
  }
  SECTION("a cut elsewhere") {
    record.counts.cut_elsewhere = 1;
  }
  SECTION("an order lost") {
    record.audit.lost = {"a"};
  }
  SECTION("an order doubled") {
    record.audit.doubled = {"a"};
  }
  SECTION("a crash without a restart") {
    record.services.push_back({"orders", 2, {2, 1, 1s}, {}});
  }
  SECTION("an outage that no journal tells of") {
    record.outages.push_back({{"orders", "crash", {}, {}, {}, 1s}, 0s});
  }
  judge(record);
  CHECK(record.problems.size() == 1);
}

TEST_CASE("the summary has all figures", "[demo]") {
  demo_record record;
  record.counts.sent = 12;
  record.counts.by_status = {{200, 9}, {503, 1}};
  record.counts.cut = 2;
  record.counts.unanswered = 1;
  record.audit.lost = {"a"};
  record.services.push_back({"orders", 2, {2, 2, 1500ms}, 2s});
  auto text = summary(record);
  CHECK_THAT(text, Contains("requests sent                 12\n"));
  CHECK_THAT(text, Contains("answered 200                 9\n"));
  CHECK_THAT(text, Contains("cut                            2\n"));
  CHECK_THAT(text, Contains("lost                           2\n"));
  CHECK_THAT(text, Contains("doubled                        0\n"));
  CHECK_THAT(text, Contains("orders                         2         2"
                            "        3.5s\n"));
}
