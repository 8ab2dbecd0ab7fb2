#include "order_rig.hpp"

#include <catch2/catch.hpp>

using namespace storefront;
using namespace storefront::test;

namespace {

/// Kills the orders' actor at one point of its way: before or after one of
/// the calls it makes took effect.
struct crash_point {
  std::atomic<int> left{0};
  caf::actor victim;

  /// Returns whether this is the point.
  bool reached() {
    if (left-- != 0)
      return false;
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    return true;
  }
};

/// Passes calls on to `to`, unless the crash comes before.
caf::behavior tap(caf::event_based_actor* self, const caf::actor& to,
                  crash_point* crash) {
  return {[=](const api_call& call) -> caf::result<api_reply> {
    auto promise = self->make_response_promise<api_reply>();
    if (crash->reached())
      return promise;
    self->request(to, caf::infinite, call)
      .then([=](const api_reply& reply) mutable {
        if (!crash->reached())
          promise.deliver(reply);
      });
    return promise;
  }};
}

void tap_all(order_rig& rig, crash_point& crash) {
  for (auto* each : {&rig.services.authentication, &rig.services.catalog,
                     &rig.services.payment, &rig.services.email,
                     &rig.services.analytics, &rig.services.shipping})
    each->gate = rig.keep(rig.sys.spawn(tap, each->gate, &crash));
}

} // namespace

TEST_CASE("an order that crashes at any point and is sent again is stored, "
          "paid and told once",
          "[storefront]") {
  crash_point crash;
  order_rig rig;
  tap_all(rig, crash);
  int point = 0;
  bool crashed = true;
  for (; crashed; ++point) {
    REQUIRE(point < 100);
    auto name = "order-" + std::to_string(point);
    INFO(name);
    crash.victim = rig.start();
    crash.left = point;
    crashed = rig.ask(crash.victim, {order_body(name), name}).status == 0;
    crash.left = -1;
    auto again = rig.ask(rig.start(), {order_body(name), name});
    REQUIRE(again.status == 200);
    CHECK(rig.count("orders.db",
                    "select count(*) from orders where reference = ?"
                    " and payment_id is not null",
                    name)
          == 1);
    CHECK(rig.count("payments.db",
                    "select count(*) from payments where reference = ?", name)
          == 1);
  }
  // Six calls, each with a point before and one after it.
  CHECK(point == 13);
  CHECK(rig.count("outbox.db",
                  "select count(*) from outbox where recipient = ?",
                  "ann@example.org")
        == point);
  CHECK(
    rig.count("sales.db", "select count(*) from sales where user = ?", "ann")
    == point);
}
