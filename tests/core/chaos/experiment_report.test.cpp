#include <bulwark/chaos/experiment_report.hpp>
#include <bulwark/chaos/protection_word.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

experiment_report held_report() {
  experiment_report result;
  REQUIRE_FALSE(read_experiment("name = crash\nsteady = a >= 99\n"
                                "fault = crash orders rate=0.01\n"
                                "protection = restart\n",
                                result.what));
  result.verdict = experiment_verdict::held;
  result.before = {{"a", 100}};
  result.during = {{"a", 99.5}};
  result.after = {{"a", 100}};
  result.lasted = 60s;
  result.noticed_after = 120ms;
  result.recovered_after = 1s;
  result.protections = {{"restart", 12}, {"warning", 1}};
  return result;
}

} // namespace

TEST_CASE("a person reads what was expected, what was, and what acted",
          "[chaos]") {
  auto report = held_report();
  CHECK(to_text(report)
        == "Experiment crash: held, as expected\n"
           "  fault       crash orders rate=0.01\n"
           "  lasted      1m\n"
           "  steady      a >= 99: before 100, at worst 99.5, after 100\n"
           "  noticed     120ms after the first fault\n"
           "  well again  1s after the last one\n"
           "  acted       restart 12 times, warning 1 times\n");
  report.what.expected = experiment_verdict::broken;
  report.what.expected_protections = {"restart", "breaker"};
  report.recovered_after.reset();
  report.why = "of luck";
  auto text = to_text(report);
  CHECK_THAT(text, Catch::Contains("held, expected was broken\n"));
  CHECK_THAT(text, Catch::Contains("because     of luck\n"));
  CHECK_THAT(text, Catch::Contains("well again  never"));
  CHECK_THAT(text, Catch::Contains("did not act breaker\n"));
}

TEST_CASE("it is as expected when the verdict is and all protections acted",
          "[chaos]") {
  auto report = held_report();
  CHECK(report.as_expected());
  report.protections.erase("restart");
  CHECK_FALSE(report.as_expected());
  report = held_report();
  report.verdict = experiment_verdict::broken;
  CHECK_FALSE(report.as_expected());
}

TEST_CASE(
  "every protection that an event shows has a word that may be expected",
  "[chaos]") {
  size_t shown = 0;
  for (int i = 0; i <= static_cast<int>(last_event_kind); ++i)
    for (auto type : {failure_type::none, failure_type::hung})
      for (const auto* method : {"failover", "automatic_restart"}) {
        event what;
        what.kind = static_cast<event_kind>(i);
        what.failure = type;
        what.with("method", method);
        if (auto word = protection_of(what)) {
          ++shown;
          CAPTURE(to_string(what.kind));
          CHECK(is_protection_word(*word));
        }
      }
  CHECK(shown >= 10);
  CHECK_FALSE(is_protection_word("luck"));
}
