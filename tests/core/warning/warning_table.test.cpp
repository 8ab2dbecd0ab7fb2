#include <bulwark/warning/detail/warning_table.hpp>
#include <bulwark/warning/warning_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto kind = warning_kind::exhaustion;
constexpr time_point start{1h};

warning of(const std::string& subject, time_point expires = start + 1min) {
  warning result;
  result.subject = subject;
  result.expires = expires;
  return result;
}

} // namespace

TEST_CASE("a situation is told once until it is over", "[warning]") {
  warning_table book;
  REQUIRE(book.raise(of("a")));
  CHECK_FALSE(book.raise(of("a")));
  CHECK(book.raise(of("b")));
  // One that is open is not over.
  book.over(kind, "a");
  CHECK_FALSE(book.raise(of("a")));
  auto settled = book.come_true(kind, "a");
  REQUIRE(settled);
  CHECK(settled->verdict == warning_verdict::hit);
  CHECK_FALSE(book.raise(of("a")));
  book.over(kind, "a");
  CHECK(book.raise(of("a")));
  CHECK(book.open().size() == 2);
}

TEST_CASE("what has expired is a false alarm, and not a hit any more",
          "[warning]") {
  warning_table book;
  REQUIRE(book.raise(of("a")));
  CHECK(book.expire(start + 1min).empty());
  REQUIRE(book.expire(start + 1min + 1ns).size() == 1);
  CHECK(book.expire(start + 2min).empty());
  CHECK_FALSE(book.come_true(kind, "a"));
  CHECK(book.score() == warning_score{1, 0, 1, 1});
  CHECK(book.score().precision() == 0.0);
}

TEST_CASE("other kinds of one subject are other situations", "[warning]") {
  warning_table book;
  REQUIRE(book.raise(of("a")));
  auto other = of("a");
  other.kind = warning_kind::latency_shift;
  REQUIRE(book.raise(other));
  REQUIRE(book.call_off(other.kind, "a"));
  CHECK_FALSE(book.call_off(other.kind, "a"));
  CHECK(book.find(kind, "a"));
  CHECK_FALSE(book.find(other.kind, "a"));
}

TEST_CASE("there are at most so many situations", "[warning]") {
  warning_table book;
  for (size_t i = 0; i < warning_table::situations_max; ++i)
    REQUIRE(book.raise(of(std::to_string(i))));
  CHECK_FALSE(book.raise(of("one more")));
  CHECK(book.score().raised == warning_table::situations_max);
}

TEST_CASE("options of warnings are checked, with field, value and rule",
          "[warning]") {
  CHECK_FALSE(validate(warning_options{}));
  CHECK(validate({.horizon = 0s})
        == "warnings.horizon is 0ms; it must be at least 1s and at most 24h");
  CHECK(validate({.fit_min = 0})
        == "warnings.fit_min is 0; it must be above 0 and at most 1");
  CHECK(validate({.samples_min = 3})
        == "warnings.samples_min is 3; it must be at least 4 and at most 1000");
  CHECK(validate({.grace = 25h})
        == "warnings.grace is 25h; it must be at least 1s and at most 24h");
}

TEST_CASE("kinds and verdicts have words", "[warning]") {
  for (int i = 0; i <= static_cast<int>(last_warning_kind); ++i)
    CHECK(to_string(static_cast<warning_kind>(i)).find('(')
          == std::string::npos);
  CHECK(to_string(warning_verdict::hit) == "hit");
  CHECK(to_string(warning_verdict::false_alarm) == "false_alarm");
}
