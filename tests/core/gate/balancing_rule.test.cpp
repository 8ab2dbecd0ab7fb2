#include <bulwark/gate/balancing_rule.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

// Which replica gets a request, by what each has to do.

using namespace bulwark;

namespace {

constexpr auto down = replica_loads::down;

replica_loads seen(const std::vector<uint32_t>& loads) {
  return {&loads,
          [](const void* of, size_t i) noexcept {
            return (*static_cast<const std::vector<uint32_t>*>(of))[i];
          },
          loads.size()};
}

} // namespace

TEST_CASE("of two that are drawn, the one with less to do is taken",
          "[balancing]") {
  std::vector<uint32_t> loads{7, 3, 9, 1};
  std::vector<int> taken(4);
  for (uint32_t low = 0; low < 4; ++low)
    for (uint32_t high = 0; high < 3; ++high) {
      auto choice = least_loaded_of_two(seen(loads), low + 4 + (high << 16));
      CHECK_FALSE(choice.only_if_idle);
      ++taken[choice.index];
    }
  // The twelve ordered pairs of four: each wins those with a busier one.
  CHECK(taken == std::vector{2, 4, 0, 6});
}

TEST_CASE("one that is down is taken only of two that are", "[balancing]") {
  std::vector<uint32_t> loads{down, 100, down};
  size_t up = 0;
  for (uint32_t random = 0; random < 3; ++random)
    for (uint32_t other = 0; other < 2; ++other) {
      auto pick = least_loaded_of_two(seen(loads), random | other << 16).index;
      up += pick == 1;
    }
  CHECK(up == 4);
  CHECK(least_loaded_of_two(seen({down}), 12345).index == 0);
}

TEST_CASE("one that is idle is found wherever the search begins",
          "[balancing]") {
  std::vector<uint32_t> loads{4, down, 0, 1};
  for (uint32_t random = 0; random < 8; ++random) {
    CHECK(idle_only(seen(loads), random) == replica_choice{2, true});
    CHECK(idle_first(seen(loads), random) == replica_choice{2, true});
  }
}

TEST_CASE("idle ones are drawn, not taken in a row", "[balancing]") {
  std::vector<uint32_t> loads{0, 0, 0};
  for (uint32_t random = 0; random < 3; ++random)
    CHECK(idle_first(seen(loads), random).index == random);
}

TEST_CASE("where nobody is idle the rules differ", "[balancing]") {
  std::vector<uint32_t> loads{4, 2};
  for (uint32_t random = 0; random < 4; ++random) {
    CHECK(idle_only(seen(loads), random).index == replica_choice::nobody);
    CHECK(idle_first(seen(loads), random) == replica_choice{1, false});
  }
}
