// Circuit breakers of several nodes that know of each other. Over real
// connections, because CAF writes and reads what they tell only there.

#include "runtime/cluster/island.hpp"

#include <bulwark/protection/service_breaker.hpp>

#include <caf/actor_clock.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>

using namespace bulwark;
using test::await;
using test::island;

namespace {

/// A breaker of an island for a service that is called "s" everywhere.
std::shared_ptr<service_breaker> breaker_of(island& on, const std::string& name,
                                            uint64_t boot = 1) {
  auto result = std::make_shared<service_breaker>(
    on.system(), "s", breaker_options{.cluster_wide = true}, emitter{},
    breaker_sharing{name, boot, [&on](const breaker_knowledge& news) {
                      on.links().tell_breakers("s", news);
                    }});
  on.links().breaker_made("s", result);
  return result;
}

void trip(island& on, service_breaker& which) {
  for (uint64_t id = 0; id < which.options().failure_threshold; ++id) {
    call_attempt one;
    one.id = id;
    one.now = on.system().clock().now();
    REQUIRE(which.may_go(one).what == permission::kind::yes);
    which.ended(id,
                {attempt_outcome::failed, errc::service_crashed, {}, one.now});
  }
  static_cast<void>(which.tell());
}

} // namespace

SCENARIO("breakers of two nodes tell each other what they know",
         "[cluster][breaker]") {
  island alpha{{.name = "alpha"}};
  auto here = breaker_of(alpha, "alpha");
  auto beta = std::make_unique<island>(
    island::settings{.name = "beta", .join = {alpha.address()}});
  auto there = breaker_of(*beta, "beta");
  alpha.await_event(event_kind::node_joined, "node/beta");
  beta->await_event(event_kind::node_joined, "node/alpha");
  trip(alpha, *here);
  CHECK(here->state() == breaker_state::open);
  await("the other one is careful",
        [&] { return there->state() == breaker_state::half_open; });
  there->set(breaker_state::forced_open);
  await("the order counts for both",
        [&] { return here->state() == breaker_state::forced_open; });
  // An order survives a restart of the node that gave it.
  there.reset();
  beta.reset();
  beta = std::make_unique<island>(
    island::settings{.name = "beta", .boot = 2, .join = {alpha.address()}});
  there = breaker_of(*beta, "beta", 2);
  await("the order is known again",
        [&] { return there->state() == breaker_state::forced_open; });
  here->set(breaker_state::closed);
  await("both decide by themselves again",
        [&] { return there->state() == breaker_state::closed; });
  there.reset();
}
