#include <bulwark/text/detail/nearest_name.hpp>

#include <catch2/catch.hpp>

#include <tuple>

using namespace bulwark;

TEST_CASE("how far two names are apart", "[nearest]") {
  auto [a, b, distance] = GENERATE(table<std::string, std::string, size_t>({
    {"", "", 0},
    {"", "echo", 4},
    {"echo", "", 4},
    {"echo", "echo", 0},
    {"ecko", "echo", 1},
    {"eho", "echo", 1},
    {"eccho", "echo", 1},
    {"ehco", "echo", 1},
    {"kitten", "sitting", 3},
    {"ca", "abc", 3},
  }));
  CAPTURE(a, b);
  CHECK(edit_distance(a, b) == distance);
}

TEST_CASE("the nearest name is the one that was meant, or none", "[nearest]") {
  std::vector<std::string> names{"product_catalog", "echo", "user_data",
                                 "each"};
  CHECK(nearest_name("ecko", names) == "echo");
  CHECK(nearest_name("echo", names) == "echo");
  CHECK(nearest_name("produkt_katalog", names) == "product_catalog");
  CHECK(nearest_name("payment", names).empty());
  CHECK(nearest_name("ec", names).empty());
  CHECK(nearest_name("x", {"y"}) == "y");
  CHECK(nearest_name("", names).empty());
  CHECK(nearest_name("echo", {}).empty());
}
