#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using lines = std::vector<std::string>;

/// What the program prints, line by line.
lines output_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--pause=1ms", "--drain=1ms"});
  test::process program{test::program("MONITOR"), std::move(arguments)};
  CHECK(program.wait_exit() == 0);
  return program.lines();
}

auto count(const lines& from, const std::string& text) {
  return std::count_if(from.begin(), from.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos;
  });
}

/// The first line that begins so; "" if there is none.
std::string line_of(const lines& from, const std::string& begin) {
  auto found = std::find_if(from.begin(), from.end(), [&](const auto& line) {
    return line.starts_with(begin);
  });
  return found == from.end() ? "" : *found;
}

} // namespace

TEST_CASE("the example tells of twenty failures and their recoveries",
          "[monitor]") {
  auto seen = output_of({});
  CHECK(count(seen, " failure_reported ") == 20);
  CHECK(count(seen, " recovery_reported ") == 20);
  CHECK(count(seen, "=== Fault Tolerance Report ===") == 1);
  CHECK(line_of(seen, "MTTR: ") == "MTTR: 5.9 minutes");
  CHECK(line_of(seen, "  by_severity: ")
        == "  by_severity: "
           R"({"critical":5,"high":3,"low":6,"medium":6})");
  CHECK(line_of(seen, "  by_type: ")
        == "  by_type: "
           R"({"disk_full":5,"hardware_failure":2,"memory_exhaustion":3,)"
           R"("network_timeout":4,"software_crash":6})");
  CHECK(line_of(seen, "  cascade_failures: ") == "  cascade_failures: 19");
  for (const auto* figure :
       {"Fault Tolerance Score: ", "Availability (24h): ", "MTBF: "})
    CHECK_FALSE(line_of(seen, figure).empty());
}

TEST_CASE("the example gives other failures for another seed", "[monitor]") {
  auto first = output_of({"--seed=7"});
  auto again = output_of({"--seed=7"});
  auto other = output_of({"--seed=8"});
  CHECK(line_of(first, "MTTR: ") == line_of(again, "MTTR: "));
  CHECK(line_of(first, "  by_type: ") == line_of(again, "  by_type: "));
  CHECK(line_of(first, "  by_type: ") != line_of(other, "  by_type: "));
}

TEST_CASE("the example without failures has a report as well", "[monitor]") {
  auto seen = output_of({"--failures=0"});
  CHECK(line_of(seen, "MTBF: ") == "MTBF: inf hours");
  CHECK(line_of(seen, "MTTR: ") == "MTTR: 0.0 minutes");
}

TEST_CASE("the example refuses a pause that is none", "[monitor]") {
  test::process program{test::program("MONITOR"), {"--pause=soon"}};
  CHECK(program.wait_exit() == 64);
  CHECK(program.has_line("--pause is \"soon\"; "));
}
