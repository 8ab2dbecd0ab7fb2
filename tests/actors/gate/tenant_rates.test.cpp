// A service whose clients each have a rate had the same one for what the
// program's other services ask of it, on behalf of all of them.
#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

bulkhead_options limits() {
  auto result = permits(100);
  result.rate = rate_options{.rate = 1, .burst = 1};
  result.rate_per_tenant = true;
  result.tenant_rates = {{"orders", {.rate = 10, .burst = 3}}};
  return result;
}

const call_options visitor{.tenant = "192.0.2.7"};
const call_options orders{.tenant = "orders"};

} // namespace

TEST_CASE("a tenant with a rate of its own has that instead",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& s = fixture.work("s", {.bulkhead = fixture.bulkhead("p", limits())});
  CHECK(fixture.ask(s.handle(), visitor, 1)->value == 1);
  CHECK(fixture.ask(s.handle(), visitor, 2)->code() == errc::rate_limited);
  for (int i = 1; i <= 3; ++i)
    CHECK(fixture.ask(s.handle(), orders, i)->value == i);
  CHECK(fixture.ask(s.handle(), orders, 4)->code() == errc::rate_limited);
  // Who says nothing is a tenant as any other.
  CHECK(fixture.ask(s.handle(), 5)->value == 5);
  CHECK(fixture.ask(s.handle(), 6)->code() == errc::rate_limited);
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(s.handle(), orders, 7)->value == 7);
  CHECK(fixture.ask(s.handle(), visitor, 8)->code() == errc::rate_limited);
}

TEST_CASE("a turn that is not used goes back to the tenant's own rate",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto with = limits();
  with.capacity = 1;
  auto& s = fixture.work("s", {.bulkhead = fixture.bulkhead("p", with)});
  fixture.ask(s.handle(), visitor, keep_atom::value, 1);
  for (int i = 0; i < 10; ++i)
    CHECK(fixture.ask(s.handle(), orders, 2)->code() == errc::bulkhead_full);
  fixture.deliver("s", 0, 0);
  CHECK(fixture.ask(s.handle(), orders, 3)->value == 3);
}
