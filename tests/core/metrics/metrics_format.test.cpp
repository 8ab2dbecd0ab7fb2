#include <bulwark/metrics/metrics_format.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

void check_text(std::string_view accept) {
  CAPTURE(accept);
  CHECK(metrics_format_for(accept) == metrics_format::prometheus);
}

void check_open(std::string_view accept) {
  CAPTURE(accept);
  CHECK(metrics_format_for(accept) == metrics_format::openmetrics);
}

} // namespace

TEST_CASE("what servers of metrics send gets the format they like best",
          "[metrics]") {
  // Prometheus 2.45 and 1.8, a browser, curl, nothing at all.
  check_open("application/openmetrics-text;version=1.0.0,"
             "application/openmetrics-text;version=0.0.1;q=0.75,"
             "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
  check_text("application/vnd.google.protobuf;"
             "proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
             "text/plain;version=0.0.4;q=0.3,*/*;q=0.1");
  check_text("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
  check_text("*/*");
  check_text("");
}

TEST_CASE("OpenMetrics is for those who want this version of it", "[metrics]") {
  check_open("application/openmetrics-text");
  check_open(" application/openmetrics-text ; version=1.0.0 ; q=0.2 ");
  check_open("text/plain;q=0.5, application/openmetrics-text;q=0.5");
  check_text("application/openmetrics-text; version=0.0.1");
  check_text("application/openmetrics-text; version=2.0.0");
  check_text("application/openmetrics-text;q=0");
  check_text("application/openmetrics-text;q=high");
  check_text("text/plain, application/openmetrics-text;q=0.9");
  check_text("application/openmetrics-text-2");
}

TEST_CASE("what is no list of types is answered with text", "[metrics]") {
  for (auto rubbish : {",", ";", ";;,;q", "=,=;=", "q=1;q=1", ",,,,"})
    check_text(rubbish);
}

TEST_CASE("each format has its own content type", "[metrics]") {
  CHECK(content_type_of(metrics_format::prometheus)
        == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(content_type_of(metrics_format::openmetrics)
        == "application/openmetrics-text; version=1.0.0; charset=utf-8");
}
