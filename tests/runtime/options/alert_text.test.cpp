#include <bulwark/options/detail/alert_text.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("an objective is read", "[options]") {
  objective what;
  REQUIRE_FALSE(detail::read_objective("orders=99.95%/168h", what));
  CHECK(what.service == "orders");
  CHECK(what.target == Approx(0.9995));
  CHECK(what.window == 168h);
  REQUIRE_FALSE(detail::read_objective("*=99%", what));
  CHECK(what.window == 720h);
}

TEST_CASE("the complaint about an objective shows one that is taken",
          "[options]") {
  objective what{"before"};
  auto rule = detail::read_objective("orders=99%/7 days", what);
  REQUIRE(rule);
  CHECK(what.service == "before");
  auto word = [&](const std::string& behind) {
    auto from = rule->find(behind) + behind.size();
    return rule->substr(from, rule->find(',', from) - from);
  };
  CHECK_FALSE(detail::read_objective(word("SERVICE=SHARE%, such as ")
                                       + word("/TIME behind it, such as "),
                                     what));
}
