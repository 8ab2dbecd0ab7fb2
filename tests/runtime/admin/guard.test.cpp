// Who may read what a node tells: nobody's page in a browser.

#include <bulwark/admin/detail/admin_guard.hpp>
#include <bulwark/options/host_port.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using detail::refuse_foreign;

namespace {

std::string verdict(http_fields fields) {
  http_request request;
  request.fields = std::move(fields);
  return refuse_foreign(request).value_or("answered");
}

} // namespace

TEST_CASE("requests to this machine's own names are answered", "[admin]") {
  for (auto host : {"127.0.0.1", "127.0.0.1:7070", "127.9.9.9:1", "localhost",
                    "LOCALHOST:7070", "[::1]", "[::1]:7070"}) {
    CAPTURE(host);
    CHECK(verdict({{"Host", host}}) == "answered");
    auto own = "http://" + std::string{host};
    CHECK(verdict({{"host", host}, {"origin", own}}) == "answered");
  }
}

TEST_CASE("requests for another host are refused", "[admin]") {
  for (auto host :
       {"", ":7070", "evil.example", "evil.example:7070", "localhost.evil",
        "127.0.0.1.evil", "evil:127", "[::2]", "[::1", "[]", "0.0.0.0",
        "126.255.255.255", "128.0.0.1", "127.0.0.1%00", "0x7f000001",
        "2130706433", "localhost@evil"}) {
    CAPTURE(host);
    CHECK_THAT(verdict({{"Host", host}}), Catch::StartsWith("Host is \""));
  }
  CHECK_THAT(verdict({}), Catch::StartsWith("Host is \"\"; it must be"));
  // Its own origin makes a foreign host no better.
  CHECK_THAT(verdict({{"Host", "evil"}, {"Origin", "http://evil"}}),
             Catch::StartsWith("Host is \"evil\""));
}

TEST_CASE("requests from another origin are refused", "[admin]") {
  for (auto origin :
       {"", "null", "http://evil.example", "https://127.0.0.1:7070",
        "http://127.0.0.1", "http://127.0.0.1:7071", "http://localhost:7070",
        "http://127.0.0.1:7070.evil", "127.0.0.1:7070"}) {
    CAPTURE(origin);
    CHECK_THAT(verdict({{"Host", "127.0.0.1:7070"}, {"Origin", origin}}),
               Catch::StartsWith("Origin is \""));
  }
}

TEST_CASE("what is refused is not told at length", "[admin]") {
  auto words = verdict({{"Host", std::string(5000, 'x')}});
  CHECK(words.size() < 300);
}

TEST_CASE("only what is of this machine alone is loopback", "[admin]") {
  CHECK(is_loopback("127.255.255.255"));
  CHECK(is_loopback("::1"));
  CHECK(is_loopback("0:0:0:0:0:0:0:1"));
  CHECK(is_loopback("LocalHost"));
  for (auto other :
       {"", "::", "::1%lo", "[::1]", "127.0.0", "127.0.0.01x", "localhos",
        "localhostt", " localhost", "::ffff:127.0.0.1"})
    CHECK_FALSE(is_loopback(other));
}
