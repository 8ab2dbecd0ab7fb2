#include "services/shipping.hpp"

#include "partner/shipments.hpp"
#include "temp_folder.hpp"

#include <bulwark/http/server.hpp>

#include <catch2/catch.hpp>

#include <atomic>

using namespace storefront;
using storefront::test::temp_folder;

namespace {

constexpr auto ship = R"({"action":"ship","order_id":7})";

/// A partner that counts its calls, and fails while told to.
struct partner {
  partner() : port(server.listen("127.0.0.1", 0)) { server.start(); }

  bulwark::host_port address() const { return {"127.0.0.1", port}; }

  std::atomic<int> calls{0};
  std::atomic<bool> failing{false};
  bulwark::http_server server{
    {},
    [this](const bulwark::http_request& request,
           const bulwark::http_responder& respond) {
      ++calls;
      respond(failing ? bulwark::http_response{.status = 500, .body = "oops"}
                      : answer_partner(request));
    }};
  uint16_t port;
};

} // namespace

TEST_CASE("third_party_apis asks the partner once per request id",
          "[storefront]") {
  temp_folder folder;
  partner other;
  shipping service{folder.own(), other.address()};
  auto first = service.handle({ship, "r1"});
  REQUIRE(first.status == 200);
  CHECK(first.body.find("\"tracking\":\"P") != std::string::npos);
  CHECK(service.handle({ship, "r1"}).body == first.body);
  CHECK(other.calls == 1);
  CHECK(service.handle({ship, "r2"}).body != first.body);
  CHECK(other.calls == 2);
}

TEST_CASE("a request id of another order is refused", "[storefront]") {
  temp_folder folder;
  partner other;
  shipping service{folder.own(), other.address()};
  service.handle({ship, "r1"});
  CHECK(service.handle({R"({"action":"ship","order_id":8})", "r1"}).status
        == 400);
}

TEST_CASE("a partner that fails is a 503 and is asked again", "[storefront]") {
  temp_folder folder;
  partner other;
  shipping service{folder.own(), other.address()};
  other.failing = true;
  CHECK(service.handle({ship, "r1"}).status == 503);
  other.failing = false;
  CHECK(service.handle({ship, "r1"}).status == 200);
}

TEST_CASE("a partner that is away is a 503", "[storefront]") {
  temp_folder folder;
  bulwark::host_port nobody;
  {
    partner other;
    nobody = other.address();
  }
  shipping service{folder.own(), nobody};
  CHECK(service.handle({ship, "r1"}).status == 503);
}

TEST_CASE("the partner says which method its page takes", "[storefront]") {
  auto reply = answer_partner({.method = "GET", .path = "/shipments"});
  CHECK(reply.status == 405);
  CHECK(reply.allow == "POST");
  CHECK(answer_partner({.method = "GET", .path = "/"}).status == 404);
}
