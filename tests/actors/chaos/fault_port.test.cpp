// What is lent to a service strikes its replicas and its gate, and nothing does
// any more when a lease is over.

#include "support/deterministic_system.hpp"

#include <bulwark/chaos/detail/fault_door.hpp>
#include <bulwark/chaos/detail/fault_port.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using bulwark::detail::fault_door;
using bulwark::detail::fault_port;

namespace {

constexpr auto everywhere = fault_leases::all_places;

} // namespace

TEST_CASE("a port is armed as long as something is lent", "[chaos]") {
  test::deterministic_system on;
  fault_port port{on.system()};
  CHECK_FALSE(port.armed());
  REQUIRE_FALSE(port.lend("x/0", {fault_kind::crash, "orders"}, 0b10, 1));
  CHECK(port.armed());
  CHECK_FALSE(port.strike(0));
  CHECK(port.strike(1)->what.kind == fault_kind::crash);
  on.advance(9s);
  CHECK(port.renew("x/0"));
  on.advance(9s);
  CHECK(port.strike(1));
  on.advance(1s);
  CHECK_FALSE(port.strike(1));
  CHECK_FALSE(port.armed());
  CHECK_FALSE(port.renew("x/0"));
}

TEST_CASE("a gate refuses while that is lent, and replicas are not struck",
          "[chaos]") {
  test::deterministic_system on;
  auto port = std::make_shared<fault_port>(on.system());
  fault_door door{port};
  CHECK(door.may_go({}).what == permission::kind::yes);
  REQUIRE_FALSE(
    port->lend("x/0", {fault_kind::refuse, "orders"}, everywhere, 1));
  REQUIRE_FALSE(
    port->lend("x/1", {fault_kind::flood, "orders", 1, 0s, 10}, everywhere, 1));
  CHECK(door.may_go({}).what == permission::kind::no);
  CHECK_FALSE(port->strike(0));
  CHECK(port->lasts("x/1"));
  port->lift("x/0");
  CHECK(door.may_go({}).what == permission::kind::yes);
  port->lift("x/1");
  CHECK_FALSE(port->armed());
}

TEST_CASE("whom a hang holds goes on when it is lifted, or its replica is "
          "given up",
          "[chaos]") {
  test::deterministic_system on;
  fault_port port{on.system()};
  REQUIRE_FALSE(port.lend("x/0", {fault_kind::hang, "orders"}, everywhere, 1));
  auto by = port.strike(0);
  REQUIRE(by);
  std::thread held{[&] { port.hold(*by, [] { return false; }); }};
  port.lift("x/0");
  held.join();
  REQUIRE_FALSE(port.lend("x/0", {fault_kind::hang, "orders"}, everywhere, 1));
  std::atomic<bool> over{false};
  held = std::thread{[&] { port.hold(*by, [&] { return over.load(); }); }};
  over = true;
  held.join();
}

TEST_CASE("a hang ends with its lease", "[chaos]") {
  test::deterministic_system on;
  fault_port port{on.system()};
  REQUIRE_FALSE(port.lend("x/0", {fault_kind::hang, "orders"}, everywhere, 1));
  on.advance(10s);
  port.hold({"x/0", {fault_kind::hang, "orders"}}, [] { return false; });
  CHECK_FALSE(port.lasts("x/0"));
}
