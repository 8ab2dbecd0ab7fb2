// A service tested over a crash, with Catch2: who caused it is told, who
// waited behind it is answered after the restart, and nothing sleeps.
#include "greeter.hpp"

#include <bulwark/testing.hpp>

#include <catch2/catch.hpp>

using bulwark::event_kind;
using namespace std::chrono_literals;

TEST_CASE("a greeter that has crashed greets again") {
  bulwark::testing::service_rig rig;
  auto door = rig.service("greeter", greeter, std::string{"hello"});
  auto nobody = rig.begin<std::string>(door, std::string{"nobody"});
  auto grace = rig.begin<std::string>(door, std::string{"Grace"});
  CHECK_THROWS_WITH(nobody.get(), Catch::StartsWith("std::runtime_error: "));
  REQUIRE(rig.await(event_kind::child_restarted));
  CHECK(grace.get() == "hello, Grace");
}

TEST_CASE("a greeter that crashes too often is given up for a while") {
  bulwark::testing::service_rig rig;
  auto door = rig.service("greeter", greeter, std::string{"hello"});
  for (int crash = 0; crash < 6; ++crash)
    CHECK_THROWS(rig.ask<std::string>(door, std::string{"nobody"}));
  CHECK(rig.count(event_kind::child_gave_up) == 1);
  CHECK_THROWS_AS(rig.ask<std::string>(door, std::string{"Ada"}),
                  bulwark::ask_error);
}
