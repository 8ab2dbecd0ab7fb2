#include <bulwark/rate/client_key.hpp>

#include <catch2/catch.hpp>

#include <string>

using bulwark::client_key;

TEST_CASE("a client of IPv4 is known by its address", "[rate][client_key]") {
  for (std::string same : {"192.0.2.7", "127.0.0.1", "0.0.0.0"})
    CHECK(client_key(same) == same);
}

TEST_CASE("an IPv4 address within IPv6 is that client", "[rate][client_key]") {
  CHECK(client_key("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(client_key("::FFFF:c000:207") == "192.0.2.7");
  CHECK(client_key("0:0:0:0:0:ffff:192.0.2.7") == "192.0.2.7");
}

// A client of IPv6 has 2^64 addresses: were each a key, each had a rate.
TEST_CASE("clients of one IPv6 network are one", "[rate][client_key]") {
  auto [address, key] = GENERATE(table<std::string, std::string>({
    {"2001:db8:0:1::1", "2001:db8:0:1::/64"},
    {"2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"},
    {"2001:0DB8:0000:0001:0:0:0:2", "2001:db8:0:1::/64"},
    {"2001:db8:0:2::1", "2001:db8:0:2::/64"},
    {"2001:db8::", "2001:db8:0:0::/64"},
    {"::1", "0:0:0:0::/64"},
    {"::", "0:0:0:0::/64"},
    {"::192.0.2.7", "0:0:0:0::/64"},
    {"64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"},
    {"fe80::1%eth0", "fe80:0:0:0::/64"},
    {"fe80::2%2", "fe80:0:0:0::/64"},
    {"1:2:3:4:5:6:7::", "1:2:3:4::/64"},
  }));
  CAPTURE(address);
  CHECK(client_key(address) == key);
}

TEST_CASE("what is no address is a key of its own", "[rate][client_key]") {
  for (std::string same : {"",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "12345::",
                           "g::",
                           "-1::",
                           "::1:",
                           "1:",
                           ":1",
                           "::ffff:192.0.2",
                           "::ffff:192.0.2.7.1",
                           "::ffff:192.0.2.256",
                           "::ffff:192.0..7",
                           "::ffff:.0.2.7",
                           "::ffff:192.0.2.7.",
                           "192.0.2.7::",
                           "::1.2.3.4:5",
                           "unix:",
                           "ann"}) {
    CAPTURE(same);
    CHECK(client_key(same) == same);
  }
}
