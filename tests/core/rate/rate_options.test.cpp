#include "core/option_rows.hpp"

#include <bulwark/rate/rate_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

TEST_CASE("the defaults of a rate are 50 per second, and valid", "[rate]") {
  rate_options o;
  CHECK(validate(o) == std::nullopt);
  CHECK(o.rate == 50);
  CHECK(o.period == 1s);
  CHECK(o.burst == 50);
  CHECK(o.algorithm == rate_algorithm::token_bucket);
  CHECK(o.keys_max == 10'000);
  CHECK(to_string(rate_algorithm::token_bucket) == "token_bucket");
  CHECK(to_string(rate_algorithm::gcra) == "gcra");
}

TEST_CASE("a bad rate is named with value and rule", "[rate]") {
  using options = rate_options;
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.rate = 0; },
     "rate.rate is 0; it must be at least 1 and at most 1000000000"},
    {[](options& o) { o.rate = 1'000'000'001; },
     "rate.rate is 1000000001; it must be at least 1 and at most 1000000000"},
    {[](options& o) { o.period = 0s; },
     "rate.period is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.period = 9000h; },
     "rate.period is 9000h; it must be at most 8760h long"},
    {[](options& o) { o.burst = 0; },
     "rate.burst is 0; it must be at least 1 and at most 1000000000"},
    {[](options& o) { o.keys_max = 0; },
     "rate.keys_max is 0; it must be at least 1 and at most 1000000"},
    {[](options& o) {
       o.burst = 1'000'000;
       o.period = 1h;
     },
     "rate.burst is 1000000; it must be at most 438000 at 50 per 1h"},
    {[](options& o) {
       o.rate = 1'000'000'000;
       o.burst = 1'000'000;
       o.period = 1h;
     },
     "rate.burst is 1000000; it must be at most 640511 at 1000000000 per 1h"},
  })));
}

TEST_CASE("the widest rates are valid", "[rate]") {
  CHECK_FALSE(
    validate(rate_options{.rate = 1'000'000'000, .burst = 1'000'000'000}));
  CHECK_FALSE(validate(rate_options{.rate = 1, .period = 8760h, .burst = 1}));
}
