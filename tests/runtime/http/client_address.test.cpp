// A server did not tell its handler who asks, so nobody could give each client
// a rate of its own.
#include "server_fixture.hpp"
#include "support/http_from.hpp"

#include <bulwark/http/detail/address_text.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;

namespace {

void tell_address(const http_request& request, const http_responder& respond) {
  respond({.body = request.client_address, .content_type = "text/plain"});
}

std::string text_of(const char* address) {
  return detail::address_text(boost::asio::ip::make_address(address));
}

} // namespace

TEST_CASE("a handler is told from which address a request comes",
          "[http][client_address]") {
  running_server server{tell_address};
  CHECK(::test::http_from("127.0.0.2", server.port, "GET", "/").body
        == "127.0.0.2");
  CHECK(::test::http_from("127.0.0.3", server.port, "GET", "/").body
        == "127.0.0.3");
}

TEST_CASE("each request of a connection has the address",
          "[http][client_address]") {
  running_server server{tell_address};
  auto client = server.client();
  for (int i = 0; i < 2; ++i)
    CHECK(client.request("GET", "/", "", patience).body == "127.0.0.1");
}

TEST_CASE("no header changes the address", "[http][client_address]") {
  running_server server{tell_address};
  auto client = server.client();
  auto reply = client.request("GET", "/", "", patience,
                              {{"X-Forwarded-For", "192.0.2.7"},
                               {"Forwarded", "for=192.0.2.7"},
                               {"X-Real-IP", "192.0.2.7"}});
  CHECK(reply.body == "127.0.0.1");
}

TEST_CASE("an address is told in digits, IPv4 within IPv6 as IPv4",
          "[http][client_address]") {
  CHECK(text_of("192.0.2.7") == "192.0.2.7");
  CHECK(text_of("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(text_of("2001:db8::1") == "2001:db8::1");
  CHECK(text_of("fe80::1%1") == "fe80::1");
}
