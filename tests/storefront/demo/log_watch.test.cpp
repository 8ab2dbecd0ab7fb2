#include "demo/log_watch.hpp"

#include <catch2/catch.hpp>

using namespace storefront;
using namespace std::chrono_literals;

TEST_CASE("failures, restarts and downtime are counted by service", "[demo]") {
  log_watch log;
  log.take("2026-11-21T19:30:00.123Z WARN  alpha child_failed "
           "component=/root/orders/orders#1 reason=\"x y\" incarnation=3");
  log.take("2026-11-21T19:30:00.523Z INFO  alpha child_restarted "
           "component=/root/orders/orders#1 incarnation=4 downtime=400ms");
  log.take("2026-11-21T19:30:00.523Z INFO  beta child_restarted "
           "component=/root/orders/orders#2 incarnation=2 downtime=1.5s");
  log.take("2026-11-21T19:30:00.523Z INFO  beta child_restarted "
           "component=/root/mail/mail#1 incarnation=2 downtime=50ms");
  CHECK(log.of("orders") == service_log{1, 2, 1900ms});
  CHECK(log.of("mail") == service_log{0, 1, 50ms});
  CHECK(log.of("other") == service_log{});
}

TEST_CASE("lines without such an event or component count nothing", "[demo]") {
  log_watch log;
  log.take("");
  log.take("child_restarted");
  log.take("now INFO alpha child_restarted component=/root");
  log.take("now INFO alpha node_started component=/root/orders/orders#1");
  CHECK(log.of("orders") == service_log{});
  CHECK(log.of("") == service_log{});
}
