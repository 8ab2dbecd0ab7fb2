#include "runtime/node/started_node.hpp"
#include "runtime/options/given.hpp"

#include <catch2/catch.hpp>

// The circuit breakers of a node's gates, as programs and options declare them.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// A node with such options, which is started by hand.
struct configured {
  explicit configured(const arguments& given) : core(read(given), [] {}) {}
  ~configured() { core.stop(); }

  detail::node_core core;
  node it{core};
};

} // namespace

TEST_CASE("a service's breaker is what the code and the command line say",
          "[node]") {
  configured by{
    {"--log-level=error", "--service.echo.breaker.recovery_timeout=3s"}};
  by.it.service("echo", echo).breaker({.failure_threshold = 2});
  by.it.service("other", echo);
  by.core.start();
  auto breaker = by.it.breaker("echo");
  REQUIRE(breaker);
  CHECK(breaker->options()
        == breaker_options{.failure_threshold = 2, .recovery_timeout = 3s});
  CHECK(breaker->state() == breaker_state::closed);
  CHECK_FALSE(by.it.breaker("other"));
}

TEST_CASE("options give a breaker to a service that runs elsewhere", "[node]") {
  configured by{
    {"--log-level=error", "--service.far.breaker.policy=consecutive"}};
  by.it.service("echo", echo);
  by.it.gate("far");
  by.core.start();
  REQUIRE(by.it.breaker("far"));
  CHECK(by.it.breaker("far")->options().policy == breaker_policy::consecutive);
}

TEST_CASE("the code says how a service is called that runs elsewhere",
          "[node]") {
  configured by{
    {"--log-level=error", "--service.far.breaker.recovery_timeout=3s"}};
  by.it.service("echo", echo);
  by.it.remote_service("far")
    .breaker({.failure_threshold = 2, .cluster_wide = true})
    .retry({.attempts = 2})
    .hedge({.delay = 50ms})
    .last_good()
    .or_else(0);
  by.core.start();
  REQUIRE(by.it.breaker("far"));
  CHECK(by.it.breaker("far")->options()
        == breaker_options{.failure_threshold = 2,
                           .recovery_timeout = 3s,
                           .cluster_wide = true});
  CHECK(complaint_of([] {
          node_by_hand other;
          other.it.service("echo", echo);
          other.it.remote_service("echo");
        })
        == "service echo is declared twice; names must be unique");
  CHECK(complaint_of([] {
          node_by_hand other;
          other.it.remote_service("far").hedge({.extra = 2});
        })
        == "service far: hedge.extra is 2; it must be at least 0 and at most "
           "1");
}

TEST_CASE("a breaker is refused by service, field, value and rule", "[node]") {
  CHECK(complaint_of([] {
          node_by_hand by;
          by.it.service("echo", echo).breaker({.success_threshold = 51});
        })
        == "service echo: breaker.success_threshold is 51; it must be at least "
           "1 and at most 50");
  CHECK(complaint_of([] {
          configured by{{"--log-level=error", "--breaker.failure_threshold=0"}};
          by.it.service("echo", echo);
          by.core.start();
        })
        == "service echo: breaker.failure_threshold is 0; it must be at least "
           "1 and at most 1000");
}
