#include <bulwark/metrics/metrics_text.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;
using Catch::Contains;
using Catch::EndsWith;

namespace {

metric_family with(metric_family what, double value,
                   metric_labels labels = {}) {
  what.add(value, std::move(labels));
  return what;
}

std::string prometheus(const metric_family& what) {
  return metrics_text({what}, metrics_format::prometheus);
}

std::string openmetrics(const metric_family& what) {
  return metrics_text({what}, metrics_format::openmetrics);
}

const std::string none_left_out_0_0_4 =
  "# HELP bulwark_series_left_out Values that had no place in this answer.\n"
  "# TYPE bulwark_series_left_out gauge\n"
  "bulwark_series_left_out 0\n";

} // namespace

TEST_CASE("a gauge is written alike in both formats", "[metrics]") {
  metric_family what{"a_up", "How many."};
  what.add(3, {{"service", "x"}, {"state", "up"}});
  what.add(0, {{"service", "y"}, {"state", "up"}});
  auto lines = "# HELP a_up How many.\n"
               "# TYPE a_up gauge\n"
               "a_up{service=\"x\",state=\"up\"} 3\n"
               "a_up{service=\"y\",state=\"up\"} 0\n"
               + none_left_out_0_0_4;
  CHECK(prometheus(what) == lines);
  CHECK(openmetrics(what) == lines + "# EOF\n");
}

TEST_CASE("a counter's values have a suffix, its family in OpenMetrics none",
          "[metrics]") {
  auto what =
    with({"a_seconds", "Time.", metric_type::counter, "seconds"}, 1.5);
  CHECK(prometheus(what)
        == "# HELP a_seconds_total Time.\n"
           "# TYPE a_seconds_total counter\n"
           "a_seconds_total 1.5\n"
             + none_left_out_0_0_4);
  CHECK(openmetrics(what)
        == "# HELP a_seconds Time.\n"
           "# TYPE a_seconds counter\n"
           "# UNIT a_seconds seconds\n"
           "a_seconds_total 1.5\n"
             + none_left_out_0_0_4 + "# EOF\n");
}

TEST_CASE("an info is a gauge where there is no such type", "[metrics]") {
  auto what = with({"build", "What.", metric_type::info}, 1, {{"v", "1"}});
  CHECK_THAT(prometheus(what), Contains("# HELP build_info What.\n"
                                        "# TYPE build_info gauge\n"
                                        "build_info{v=\"1\"} 1\n"));
  CHECK_THAT(openmetrics(what), Contains("# HELP build What.\n"
                                         "# TYPE build info\n"
                                         "build_info{v=\"1\"} 1\n"));
}

TEST_CASE("no text breaks out of its line or its quotes", "[metrics]") {
  auto what = with({"a", "One \\ \"two\"\nthree."}, 1, {{"b", "\\ \"c\"\n}"}});
  CHECK_THAT(prometheus(what),
             Contains("# HELP a One \\\\ \"two\"\\nthree.\n"));
  CHECK_THAT(openmetrics(what),
             Contains("# HELP a One \\\\ \\\"two\\\"\\nthree.\n"));
  auto sample = "\na{b=\"\\\\ \\\"c\\\"\\n}\"} 1\n";
  CHECK_THAT(prometheus(what), Contains(sample));
  CHECK_THAT(openmetrics(what), Contains(sample));
}

TEST_CASE("a histogram adds up, and is whole or not there", "[metrics]") {
  metric_family what{"t_seconds", "Times.", metric_type::histogram, "seconds"};
  const std::vector<double> bounds{0.5, 1};
  const std::vector<uint64_t> counts{2, 0, 1};
  what.add_histogram(bounds, counts, 7.5, {{"s", "x"}});
  what.add_histogram(bounds, counts, 7.5, {{"s", "y"}});
  CHECK_THAT(prometheus(what),
             Contains("# TYPE t_seconds histogram\n"
                      "t_seconds_bucket{s=\"x\",le=\"0.5\"} 2\n"
                      "t_seconds_bucket{s=\"x\",le=\"1.0\"} 2\n"
                      "t_seconds_bucket{s=\"x\",le=\"+Inf\"} 3\n"
                      "t_seconds_count{s=\"x\"} 3\n"
                      "t_seconds_sum{s=\"x\"} 7.5\n"));
  auto cut = metrics_text({what}, metrics_format::openmetrics, 10);
  CHECK_THAT(cut, Contains("t_seconds_sum{s=\"x\"} 7.5\n"));
  CHECK_THAT(cut, !Contains("s=\"y\"") && Contains("left_out 5\n"));
}

TEST_CASE("numbers are whole, short, or one of three words", "[metrics]") {
  auto written = [](double value) {
    auto text = prometheus(with({"a", "A."}, value));
    auto from = text.find("\na ") + 3;
    return text.substr(from, text.find('\n', from) - from);
  };
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(written(0) == "0");
  CHECK(written(-3) == "-3");
  CHECK(written(1'000'000) == "1000000");
  CHECK(written(9007199254740991.0) == "9007199254740991");
  CHECK(written(1e300) == "1e+300");
  CHECK(written(0.1) == "0.1");
  CHECK(written(1795000000.25) == "1795000000.25");
  CHECK(written(infinity) == "+Inf");
  CHECK(written(-infinity) == "-Inf");
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "NaN");
}

TEST_CASE("a family without values is not there", "[metrics]") {
  CHECK(prometheus({"a", "A."}) == none_left_out_0_0_4);
}

TEST_CASE("values beyond the maximum are counted, the first ones stay",
          "[metrics]") {
  metric_family first{"a", "A."};
  metric_family second{"b", "B."};
  metric_family third{"c", "C."};
  for (int i = 0; i < 3; ++i) {
    first.add(i, {{"n", std::to_string(i)}});
    second.add(i, {{"n", std::to_string(i)}});
    third.add(i, {{"n", std::to_string(i)}});
  }
  auto text =
    metrics_text({first, second, third}, metrics_format::prometheus, 6);
  CHECK_THAT(text, Contains("a{n=\"2\"} 2\n") && Contains("b{n=\"1\"} 1\n"));
  CHECK_THAT(text, !Contains("b{n=\"2\"}") && !Contains("# TYPE c "));
  CHECK_THAT(text, EndsWith("\nbulwark_series_left_out 4\n"));
  // Exactly as many as there is place for.
  CHECK_THAT(metrics_text({first}, metrics_format::prometheus, 4),
             EndsWith("\nbulwark_series_left_out 0\n"));
  CHECK_THAT(metrics_text({first}, metrics_format::openmetrics, 1),
             EndsWith("\nbulwark_series_left_out 3\n# EOF\n"));
}
