// Services that ask each other within one compartment.

#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;

namespace {

/// An order asks for its price, and holds its permit meanwhile.
caf::behavior order(caf::event_based_actor* self, const caf::actor& catalog,
                    const call_options& how) {
  return {[=](int x) {
    auto promise = self->make_response_promise();
    self->request(catalog, caf::infinite, how, x)
      .then([=](int price) mutable { promise.deliver(price); },
            [=](caf::error& why) mutable { promise.deliver(why); });
    return caf::delegated<int>{};
  }};
}

/// Sends ten orders at once to a compartment of three; returns how many were
/// answered with their price.
int ten_orders(uint64_t reserved, call_priority priority) {
  test::gate_fixture fixture;
  bulkhead_options options;
  options.capacity = 3;
  options.reserved_for_critical = reserved;
  options.queue = 100;
  options.queue_timeout = 1s;
  test::service_plan plan;
  plan.bulkhead = fixture.bulkhead("standard", options);
  auto& catalog = fixture.work("catalog", plan);
  call_options how;
  how.priority = priority;
  auto& orders = fixture.serve(
    "orders", make_replica_factory(order, catalog.handle(), how), plan);
  int answered = 0;
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 10; ++i)
      self->request(orders.handle(), caf::infinite, i)
        .then([&](int) { ++answered; }, [](caf::error&) {});
  });
  fixture.rig.advance(10s);
  return answered;
}

} // namespace

TEST_CASE("who waits within its own compartment needs a reserve for it",
          "[bulkhead][nested]") {
  CHECK(ten_orders(1, call_priority::critical) == 10);
  // All permits are held by those who wait for one.
  CHECK(ten_orders(0, call_priority::normal) < 10);
}
