#include <bulwark/http/message.hpp>

#include <catch2/catch.hpp>

using bulwark::query_value;

TEST_CASE("a query value is found by its whole name", "[http]") {
  CHECK(query_value("a=1&ab=2&b=3", "b") == "3");
  CHECK(query_value("a=1&ab=2&b=3", "a") == "1");
  CHECK(query_value("a=1", "c") == std::nullopt);
  CHECK(query_value("", "a") == std::nullopt);
}

TEST_CASE("the first of several query values counts", "[http]") {
  CHECK(query_value("a=1&a=2", "a") == "1");
}

TEST_CASE("a query name without a value has an empty one", "[http]") {
  CHECK(query_value("a&b=", "a") == "");
  CHECK(query_value("a&b=", "b") == "");
}

TEST_CASE("query values are decoded", "[http]") {
  CHECK(query_value("a=x%20y+z%3d", "a") == "x y z=");
}

TEST_CASE("a malformed query value counts as absent", "[http]") {
  CHECK(query_value("a=%", "a") == std::nullopt);
  CHECK(query_value("a=%2", "a") == std::nullopt);
  CHECK(query_value("a=%zz", "a") == std::nullopt);
  CHECK(query_value("a=%+1", "a") == std::nullopt);
}
