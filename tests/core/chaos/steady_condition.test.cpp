#include <bulwark/chaos/steady_condition.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;
using relation = steady_condition::relation;

namespace {

std::string condition_complaint(const std::string& text) {
  steady_condition out;
  return read_condition(text, out).value_or("none");
}

} // namespace

TEST_CASE("a condition is a figure, a relation and a value", "[chaos]") {
  steady_condition out;
  REQUIRE_FALSE(read_condition("orders.p99_ms < 200", out));
  CHECK(out == steady_condition{"orders.p99_ms", relation::below, 200});
  REQUIRE_FALSE(
    read_condition(" service/orders.availability_window>=99.5", out));
  CHECK(out
        == steady_condition{"service/orders.availability_window",
                            relation::at_least, 99.5});
  for (const auto* each : {"a < 1", "a <= 1", "a >= 1", "a > -1.5"}) {
    REQUIRE_FALSE(read_condition(each, out));
    CHECK(to_string(out) == each);
  }
}

TEST_CASE("what is no condition is told with the value and the rule",
          "[chaos]") {
  CHECK(condition_complaint("")
        == "condition is empty; it must be FIGURE < VALUE, or with <=, >= or "
           ">, such as orders.p99_ms < 200");
  CHECK_THAT(condition_complaint("orders"),
             Catch::StartsWith("condition is orders;"));
  CHECK_THAT(condition_complaint("< 5"),
             Catch::StartsWith("condition is < 5;"));
  CHECK_THAT(condition_complaint("two words < 5"),
             Catch::StartsWith("condition is two words < 5;"));
  CHECK(condition_complaint("a < fast")
        == "limit of a is fast; it must be a number, such as 0.5");
  CHECK(condition_complaint("a <")
        == "limit of a is empty; it must be a number, such as 0.5");
  CHECK(condition_complaint("a << 5")
        == "limit of a is < 5; it must be a number, such as 0.5");
}

TEST_CASE("a condition holds up to its limit, and tells why it does not",
          "[chaos]") {
  auto why = [](const char* text, double value) {
    steady_condition what;
    REQUIRE_FALSE(read_condition(text, what));
    return broken_by(what, {{"a", value}}).value_or("holds");
  };
  CHECK(why("a < 5", 4.9) == "holds");
  CHECK(why("a < 5", 5) == "a is 5, not < 5");
  CHECK(why("a <= 5", 5) == "holds");
  CHECK(why("a <= 5", 5.5) == "a is 5.5, not <= 5");
  CHECK(why("a >= 5", 5) == "holds");
  CHECK(why("a >= 5", 4) == "a is 4, not >= 5");
  CHECK(why("a > 5", 5) == "a is 5, not > 5");
  CHECK(why("b > 5", 9) == "nobody measures b");
  // Nothing compares with what is no number.
  CHECK(why("a < 5", std::numeric_limits<double>::quiet_NaN())
        == "a is nan, not < 5");
}
