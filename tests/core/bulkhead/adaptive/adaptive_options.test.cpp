#include "core/option_rows.hpp"

#include <bulwark/bulkhead/adaptive_options.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

using options = adaptive_options;

TEST_CASE("adaptive defaults are valid and those that were published",
          "[adaptive]") {
  options o;
  CHECK(validate(o) == std::nullopt);
  CHECK(o == published(adaptive_algorithm::vegas));
  CHECK(o.min == 1);
  CHECK(o.initial == 20);
  CHECK(o.max == 1000);
  CHECK(o.healthy_latency == 0s);
  CHECK(o.window == 1s);
  CHECK(o.window_max == 30s);
  CHECK(o.samples_min == 10);
  CHECK(o.latency_min == 100us);
  CHECK(o.aimd.backoff_ratio == 0.9);
  CHECK(o.aimd.timeout == 5s);
  CHECK(o.gradient2.smoothing == 0.2);
  CHECK(o.gradient2.queue_size == 4);
  CHECK(o.gradient2.long_window == 600);
  CHECK(o.gradient2.tolerance == 1.5);
  CHECK(o.vegas.alpha == 3);
  CHECK(o.vegas.beta == 6);
  CHECK(o.vegas.smoothing == 1.0);
  CHECK(o.vegas.probe_multiplier == 30);
  for (auto algorithm :
       {adaptive_algorithm::aimd, adaptive_algorithm::gradient2}) {
    auto narrow = published(algorithm);
    CHECK(validate(narrow) == std::nullopt);
    CHECK(narrow.algorithm == algorithm);
    CHECK(narrow.min == 20);
    CHECK(narrow.max == 200);
  }
}

TEST_CASE("a bad bound or window of a limit is named with value and rule",
          "[adaptive]") {
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.min = 0; },
     "adaptive.min is 0; it must be at least 1 and at most 1000000"},
    {[](options& o) { o.max = 0; },
     "adaptive.max is 0; it must be at least 1 and at most 1000000"},
    {[](options& o) { o.max = 1'000'001; },
     "adaptive.max is 1000001; it must be at least 1 and at most 1000000"},
    {[](options& o) { o.min = 1001; },
     "adaptive.min is 1001; it must be at most adaptive.max, which is 1000"},
    {[](options& o) { o.min = 21; },
     "adaptive.initial is 20; it must be at least adaptive.min, which is 21"},
    {[](options& o) { o.max = 10; },
     "adaptive.initial is 20; it must be at most adaptive.max, which is 10"},
    {[](options& o) { o.healthy_latency = -1ms; },
     "adaptive.healthy_latency is -1ms; it must be 0ms or longer"},
    {[](options& o) { o.window = 0s; },
     "adaptive.window is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.window = 31s; },
     "adaptive.window_max is 30s; it must be at least adaptive.window, which "
     "is 31s"},
    {[](options& o) { o.samples_min = 0; },
     "adaptive.samples_min is 0; it must be at least 1 and at most 1000000"},
    {[](options& o) { o.latency_min = -1ns; },
     "adaptive.latency_min is -1ns; it must be 0ms or longer"},
  })));
}

TEST_CASE("a bad parameter of an algorithm is named with value and rule",
          "[adaptive]") {
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.aimd.backoff_ratio = 0.4; },
     "adaptive.aimd.backoff_ratio is 0.4; it must be at least 0.5 and below "
     "1"},
    {[](options& o) { o.aimd.backoff_ratio = 1.0; },
     "adaptive.aimd.backoff_ratio is 1; it must be at least 0.5 and below 1"},
    {[](options& o) { o.aimd.timeout = 0s; },
     "adaptive.aimd.timeout is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.gradient2.smoothing = 0.0; },
     "adaptive.gradient2.smoothing is 0; it must be above 0 and at most 1"},
    {[](options& o) { o.gradient2.queue_size = 0; },
     "adaptive.gradient2.queue_size is 0; it must be at least 1 and at most "
     "1000000"},
    {[](options& o) { o.gradient2.long_window = 0; },
     "adaptive.gradient2.long_window is 0; it must be at least 1 and at most "
     "1000000"},
    {[](options& o) { o.gradient2.tolerance = 0.9; },
     "adaptive.gradient2.tolerance is 0.9; it must be a number of at least 1"},
    {[](options& o) { o.vegas.alpha = 0; },
     "adaptive.vegas.alpha is 0; it must be a number above 0"},
    {[](options& o) { o.vegas.beta = std::numeric_limits<double>::infinity(); },
     "adaptive.vegas.beta is inf; it must be a number above 0"},
    {[](options& o) { o.vegas.beta = 2; },
     "adaptive.vegas.beta is 2; it must be at least adaptive.vegas.alpha, "
     "which is 3"},
    {[](options& o) { o.vegas.smoothing = 1.5; },
     "adaptive.vegas.smoothing is 1.5; it must be above 0 and at most 1"},
    {[](options& o) { o.vegas.probe_multiplier = 0; },
     "adaptive.vegas.probe_multiplier is 0; it must be at least 1 and at most "
     "1000000"},
  })));
}
