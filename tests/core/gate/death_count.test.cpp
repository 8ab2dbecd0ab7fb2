#include <bulwark/gate/detail/death_count.hpp>

#include <catch2/catch.hpp>

using bulwark::death_count;
using bulwark::gate_options;

TEST_CASE("a message that is to blame is tried poison_limit times",
          "[death_count]") {
  gate_options limits;
  limits.poison_limit = GENERATE(1u, 2u, 3u);
  death_count deaths;
  for (uint32_t i = 1; i < limits.poison_limit; ++i) {
    CHECK(deaths.allows(true, limits));
    deaths.count(true);
  }
  CHECK_FALSE(deaths.allows(true, limits));
}

TEST_CASE("a bystander is tried again bystander_limit times", "[death_count]") {
  gate_options limits;
  limits.bystander_limit = GENERATE(0u, 1u, 16u);
  death_count deaths;
  for (uint32_t i = 0; i < limits.bystander_limit; ++i) {
    CHECK(deaths.allows(false, limits));
    deaths.count(false);
  }
  CHECK_FALSE(deaths.allows(false, limits));
}

TEST_CASE("ends on a message and beside it are counted apart",
          "[death_count]") {
  gate_options limits;
  limits.poison_limit = 2;
  limits.bystander_limit = 1;
  death_count deaths;
  deaths.count(false);
  CHECK_FALSE(deaths.allows(false, limits));
  CHECK(deaths.allows(true, limits));
  deaths.count(true);
  CHECK_FALSE(deaths.allows(true, limits));
}
