#include <bulwark/options/host_port.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

using namespace bulwark;

TEST_CASE("addresses are read and written", "[options]") {
  auto [text, host, port] = GENERATE(table<std::string, std::string, int>({
    {"127.0.0.1:7000", "127.0.0.1", 7000},
    {"localhost:0", "localhost", 0},
    {"a-b.example:65535", "a-b.example", 65535},
    {"[::1]:80", "::1", 80},
  }));
  auto read = parse_host_port(text);
  REQUIRE(read.has_value());
  CHECK(read->host == host);
  CHECK(read->port == port);
  CHECK(to_string(*read) == text);
}

TEST_CASE("what is no address is refused", "[options]") {
  auto text =
    GENERATE(as<std::string>{}, "", ":", "host", "host:", ":7000", "host:65536",
             "host:-1", "host:+1", "host:7x", "host: 7", "::1:80", "[]:80",
             "[::1]", "[::1:80", "a b:1", "a\n:1", "h:1:2");
  CAPTURE(text);
  CHECK_FALSE(parse_host_port(text));
}
