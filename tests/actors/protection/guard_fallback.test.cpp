#include "actors/protection/manual_clock.hpp"

#include <bulwark/protection/guard.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

struct rig {
  guarded<std::string> call(const std::string& content) {
    return its.call_or(
      [&](attempt& a) -> std::string {
        if (broken)
          throw std::runtime_error("broken");
        if (unwell)
          a.fail();
        return "answer to " + content;
      },
      fallback<std::string>{
        &last, content,
        with_default
          ? [](const std::exception_ptr&) { return "default"; }
          : std::function<std::string(const std::exception_ptr&)>{}});
  }

  test::manual_clock clock;
  bool broken = false;
  bool unwell = false;
  bool with_default = true;
  guard its{"api",
            {.breaker = {.failure_threshold = 2, .jitter = 0}},
            {.clock = &clock}};
  last_answers<std::string> last{{.age_max = 1min},
                                 [](const std::string& s) { return s.size(); }};
};

} // namespace

TEST_CASE("a good answer is kept, and takes the place of one that fails",
          "[guard][fallback]") {
  rig x;
  auto first = x.call("a");
  CHECK(first.value == "answer to a");
  CHECK(first.report == call_report{.attempts = 1});
  auto then = x.clock.wall_now();
  x.clock.pass(5s);
  x.broken = true;
  auto kept = x.call("a");
  CHECK(kept.value == "answer to a");
  CHECK(kept.report.from_cache);
  CHECK(kept.report.cache_timestamp == then);
  CHECK_FALSE(kept.report.fallback);
}

TEST_CASE("without a good answer there is the default, also from an open "
          "breaker",
          "[guard][fallback]") {
  rig x;
  x.broken = true;
  for (int i = 0; i < 5; ++i) {
    auto other = x.call("b");
    CHECK(other.value == "default");
    CHECK(other.report.fallback);
    CHECK_FALSE(other.report.from_cache);
  }
  CHECK(x.its.state() == breaker_state::open);
  CHECK(x.its.metrics().total_calls == 2);
}

TEST_CASE("a value that counts as a failure is not kept, and is replaced",
          "[guard][fallback]") {
  rig x;
  x.unwell = true;
  CHECK(x.call("a").value == "default");
  x.with_default = false;
  CHECK(x.call("a").value == "answer to a");
  x.unwell = false;
  x.broken = true;
  CHECK_THROWS_AS(x.call("a"), circuit_open);
}

TEST_CASE("an answer that is too old is none", "[guard][fallback]") {
  rig x;
  x.call("a");
  x.broken = true;
  x.clock.pass(1min + 1s);
  CHECK(x.call("a").report.fallback);
}

TEST_CASE("without anything to fall back on the call throws",
          "[guard][fallback]") {
  rig x;
  x.with_default = false;
  x.broken = true;
  CHECK_THROWS_WITH(x.call("a"), "broken");
}
