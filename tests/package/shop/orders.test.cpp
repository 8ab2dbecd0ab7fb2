#define CATCH_CONFIG_MAIN
#include "orders.hpp"

#include <bulwark/testing.hpp>

#include <catch2/catch.hpp>

TEST_CASE("who orders tea gets it, whatever others order") {
  bulwark::testing::service_rig rig;
  auto shop = rig.service("orders", orders, std::string{"tea"});
  auto coffee = rig.begin<std::string>(shop, std::string{"coffee"});
  auto tea = rig.begin<std::string>(shop, std::string{"tea"});
  CHECK_THROWS_AS(coffee.get(), bulwark::ask_error);
  REQUIRE(rig.await(bulwark::event_kind::child_restarted));
  CHECK(tea.get() == "one tea");
}
