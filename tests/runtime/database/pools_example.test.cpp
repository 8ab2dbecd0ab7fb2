#include "support/postgres_server.hpp"
#include "support/process.hpp"

#include <catch2/catch.hpp>

#include <csignal>

TEST_CASE("the example of pools answers all and ends in order", "[pools]") {
  test::server_folder folder;
  test::process pools{
    test::program("POOLS"),
    {"--data", folder.path().string(), "--drain=0s", "--log-level=error"}};
  // From three threads, in any order.
  auto is_answer = [](const std::string&) { return true; };
  for (int i = 0; i < 5; ++i)
    pools.wait_for_line(is_answer);
  CHECK(pools.has_line("3 of tea"));
  CHECK(pools.has_line("4 of tea"));
  CHECK(pools.has_line("there is not so much tea"));
  CHECK(pools.has_line("a thumbnail of 100 pixels"));
  CHECK(pools.has_line("images: 1000000 bytes for thumbnails are not free"));
  pools.signal(SIGTERM);
  CHECK(pools.wait_exit() == 0);
}
