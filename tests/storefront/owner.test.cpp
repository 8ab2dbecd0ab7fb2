#include "temp_folder.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace storefront;
using Catch::Matchers::Message;
using storefront::test::temp_folder;

TEST_CASE("a database file has one owner, which the error names",
          "[storefront]") {
  temp_folder folder;
  auto file = folder.path() / "orders.db";
  database_owner alpha{file, "alpha"};
  CHECK_THROWS_MATCHES(database_owner(file, "beta"), std::runtime_error,
                       Message(file.string()
                               + " is in use by node alpha (process "
                               + std::to_string(getpid()) + ")"));
}

TEST_CASE("a database file is free again when its owner is gone",
          "[storefront]") {
  temp_folder folder;
  auto file = folder.path() / "orders.db";
  { database_owner alpha{file, "alphabetically"}; }
  database_owner beta{file, "beta"};
  CHECK_THROWS_WITH(database_owner(file, "gamma"),
                    Catch::Matchers::Contains("node beta (process"));
}

TEST_CASE("owning a database creates its folder", "[storefront]") {
  temp_folder folder;
  database_owner owner{folder.path() / "a" / "b" / "orders.db", "alpha"};
  CHECK(std::filesystem::is_directory(folder.path() / "a" / "b"));
}
