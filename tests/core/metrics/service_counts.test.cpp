#include <bulwark/metrics/service_counts.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

TEST_CASE("what replicas had is summed by their service", "[metrics]") {
  auto sums = counts_by_service(
    {
      {"alpha", "/root/orders", 1, 1, 7},
      {"alpha", "/root/orders/orders#1", 2, 3, 5},
      {"alpha", "/root/orders/orders#2", 10, 20, 30},
      {"alpha", "/root/orders2/orders2#1", 100, 200, 0},
      {"alpha", "/root/tree/leaf/further", 1, 0, 0},
    },
    "alpha");
  CHECK(sums.size() == 3);
  CHECK(sums["orders"] == service_counts{12, 23, 1, 1});
  CHECK(sums["orders2"] == service_counts{100, 200, 0, 0});
  CHECK(sums["tree"] == service_counts{1, 0, 0, 0});
}

TEST_CASE("other nodes and what is no service do not count", "[metrics]") {
  CHECK(counts_by_service(
          {
            {"beta", "/root/orders/orders#1", 2, 3, 5},
            {"alpha", "/root", 1, 1, 1},
            {"alpha", "node/alpha", 1, 1, 1},
            {"alpha", "/rooted/orders", 1, 1, 1},
            {"alpha", "orders", 1, 1, 1},
            {"", "...others", 1, 1, 1},
          },
          "alpha")
          .empty());
}
