#include <bulwark/containers/detail/index_pool.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <set>

using bulwark::index_pool;

namespace {

struct pool_of_ten {
  std::array<std::atomic<uint32_t>, 10> links{};
  index_pool pool;

  auto link() {
    return [this](uint32_t n) -> auto& {
      return links[n];
    };
  }
  void give(size_t where, uint32_t i) { pool.give(where, i, link()); }
  uint32_t take(size_t where) { return pool.take(where, link()); }
};

} // namespace

TEST_CASE("an empty pool gives nothing", "[index_pool]") {
  pool_of_ten it;
  CHECK(it.take(0) == index_pool::none);
  it.give(0, 3);
  CHECK(it.take(0) == 3);
  CHECK(it.take(0) == index_pool::none);
}

TEST_CASE("a number stays in the part that it was given to", "[index_pool]") {
  pool_of_ten it;
  it.give(7, 3);
  CHECK(it.take(0) == index_pool::none);
  CHECK(it.take(7) == 3);
}

TEST_CASE("whatever the order, each number comes back once", "[index_pool]") {
  // Bit i of the plan: give something back, or take something first.
  for (uint32_t plan = 0; plan < 1024; ++plan) {
    CAPTURE(plan);
    pool_of_ten it;
    std::set<uint32_t> out;
    for (uint32_t i = 0; i < 10; ++i) {
      it.give(0, i);
      if ((plan >> i & 1) == 0)
        continue;
      auto index = it.take(0);
      REQUIRE(index <= i);
      REQUIRE(out.insert(index).second);
    }
    for (auto index = it.take(0); index != index_pool::none;
         index = it.take(0)) {
      REQUIRE(index < 10);
      REQUIRE(out.insert(index).second);
    }
    REQUIRE(out.size() == 10);
  }
}
