// The strict reader of metrics finds what is wrong.

#include "runtime/admin/metrics_reading.hpp"

#include <catch2/catch.hpp>

using bulwark::test::metrics_fault;
using bulwark::test::read_metrics;

namespace {

const std::string head = "# HELP a A.\n# TYPE a gauge\n";

void check_refused(const std::string& text, bool open = false) {
  CAPTURE(text);
  CHECK_THROWS_AS(read_metrics(text, open), metrics_fault);
}

} // namespace

TEST_CASE("a good text is read", "[admin][metrics]") {
  auto it = read_metrics(head + "a{b=\"\\\\ \\n\\\"}\"} 1.5e+10\n", false);
  CHECK(it.at("a{b=\"\\\\ \\n\\\"}\"}") == 1.5e10);
  CHECK(it.types.at("a") == "gauge");
  CHECK_NOTHROW(read_metrics("# HELP a_seconds A.\n# TYPE a_seconds counter\n"
                             "# UNIT a_seconds seconds\na_seconds_total 1\n"
                             "# EOF\n",
                             true));
}

TEST_CASE("a bad text is refused", "[admin][metrics]") {
  check_refused("");
  check_refused(head + "a 1");
  check_refused(head + "a 1\na 2\n");
  check_refused(head + "b 1\n");
  check_refused(head + "a 1\n" + head + "a{b=\"c\"} 1\n");
  check_refused("a 1\n");
  check_refused("# TYPE a gauge\na 1\n");
  check_refused("# HELP a A.\na 1\n");
  check_refused("# HELP a A.\n# TYPE a histogram\na 1\n");
  check_refused("# HELP a A.\n# TYPE a counter\na 1\n");
  check_refused("# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n");
  check_refused(head + "a one\n");
  check_refused(head + "a 1 2\n");
  check_refused(head + "a{b=\"c\",b=\"d\"} 1\n");
  check_refused(head + "a{b=\"c\",} 1\n");
  check_refused(head + "a{b=c} 1\n");
  check_refused(head + "a{b=\"\\x\"} 1\n");
  check_refused(head + "a{b=\"\"\"} 1\n");
  check_refused(head + "a 1\n# EOF\n");
  check_refused(head + "a 1\n", true);
  check_refused(head + "a 1\n# EOF\n# EOF\n", true);
  check_refused(head + "# UNIT a seconds\na 1\n# EOF\n", true);
  check_refused("# HELP a_ms A.\n# TYPE a_ms gauge\n# UNIT a_ms ms\n"
                "a_ms 1\n# EOF\n",
                true);
}
