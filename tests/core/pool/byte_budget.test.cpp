#include <bulwark/pool/detail/byte_budget.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

TEST_CASE("a budget is charged up to its limit and not beyond",
          "[byte_budget]") {
  byte_budget budget{100};
  CHECK(budget.charge(60));
  CHECK_FALSE(budget.charge(41));
  CHECK(budget.used() == 60);
  CHECK(budget.charge(40));
  CHECK_FALSE(budget.charge(1));
  CHECK(budget.charge(0));
  budget.uncharge(100);
  CHECK(budget.used() == 0);
  CHECK(budget.peak() == 100);
}

TEST_CASE("numbers too large to add are refused", "[byte_budget]") {
  byte_budget budget{100};
  CHECK(budget.charge(50));
  CHECK_FALSE(budget.charge(byte_budget::unlimited));
  CHECK_FALSE(budget.charge(byte_budget::unlimited - 49));
  CHECK(budget.used() == 50);
  byte_budget endless;
  CHECK(endless.charge(byte_budget::unlimited - 1));
  CHECK_FALSE(endless.charge(2));
}

TEST_CASE("a budget below what is in use gives nothing until enough came back",
          "[byte_budget]") {
  byte_budget budget{100};
  CHECK(budget.charge(80));
  budget.resize(50);
  CHECK_FALSE(budget.charge(1));
  budget.uncharge(31);
  CHECK(budget.charge(1));
  CHECK_FALSE(budget.charge(1));
}
