#include "front/front.hpp"

#include "api/messages.hpp"
#include "services/names.hpp"
#include "support/http_from.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/http/client.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>

using namespace storefront;
using namespace std::chrono_literals;
using bulwark::errc;
using nlohmann::json;

namespace {

/// Stands for a gate: answers by the word in the call's body.
caf::behavior stub_gate() {
  return {
    [](const bulwark::call_options& who,
       const api_call& call) -> caf::result<api_reply> {
      if (call.body == "crash")
        return bulwark::make_error(errc::service_crashed, "it crashed");
      if (call.body == "late")
        return bulwark::make_error(errc::timed_out, "it was late");
      if (call.body == "away")
        return bulwark::make_error(errc::unreachable, "it is away");
      if (call.body == "busy")
        return bulwark::make_error(errc::too_many_requests, "it is busy");
      json echo{{"request_id", call.request_id}, {"tenant", who.tenant}};
      return api_reply{200, echo.dump()};
    },
    [](const chaos_crash&) -> caf::result<void> {
      return bulwark::make_error(errc::service_crashed, "as asked");
    },
  };
}

struct front_rig {
  explicit front_rig(bool chaos) {
    front_setup setup;
    for (auto name : service_names)
      setup.gates.emplace(name, gate);
    setup.draining = [this] { return draining.load(); };
    setup.health = [] { return std::string{R"({"node":"alpha"})"}; };
    setup.chaos = chaos;
    served.emplace(std::move(setup));
    port = served->listen({"127.0.0.1", 0});
    served->start(sys);
  }

  ~front_rig() {
    served->stop(0ms);
    caf::anon_send_exit(gate, caf::exit_reason::kill);
  }

  bulwark::http_reply request(const char* method, const char* target,
                              const std::string& body = "",
                              const bulwark::http_fields& fields = {}) {
    return bulwark::http_client{"127.0.0.1", port}.request(method, target, body,
                                                           10s, fields);
  }

  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  caf::actor gate = sys.spawn(stub_gate);
  std::atomic<bool> draining{false};
  std::optional<front> served;
  uint16_t port = 0;
};

} // namespace

TEST_CASE("the front passes body and request id on to the service",
          "[storefront]") {
  front_rig rig{false};
  auto reply = rig.request("POST", "/api/product_catalog", "{}",
                           {{"X-Request-Id", "id-1"}});
  CHECK(reply.status == 200);
  auto body = json::parse(reply.body);
  CHECK(body["request_id"] == "id-1");
  CHECK(body["status"] == "success");
  CHECK(body["service"] == "product_catalog");
  CHECK(body["processing_time"].get<double>() >= 0);
}

TEST_CASE("the front tells a gate which client asks", "[storefront]") {
  front_rig rig{false};
  for (std::string client : {"127.0.0.1", "127.0.0.2"}) {
    auto answer = ::test::http_from(client, rig.port, "POST",
                                    "/api/user_authentication", "{}");
    CHECK(json::parse(answer.body)["tenant"] == client);
  }
}

TEST_CASE("the text of an exception does not reach the customer",
          "[storefront]") {
  front_rig rig{false};
  auto reply = rig.request("POST", "/api/product_catalog", "crash");
  CHECK(reply.status == 500);
  CHECK(reply.body.find("it crashed") == std::string::npos);
}

TEST_CASE("the front answers a gate's refusals by their status",
          "[storefront]") {
  front_rig rig{false};
  auto [word, status, retry] = GENERATE(table<std::string, int, std::string>({
    {"crash", 500, ""},
    {"late", 504, ""},
    {"away", 503, "1"},
    {"busy", 429, "1"},
  }));
  auto reply = rig.request("POST", "/api/order_management", word);
  CHECK(reply.status == status);
  CHECK(reply.field("retry-after") == retry);
  auto body = json::parse(reply.body);
  CHECK(body["service"] == "order_management");
  auto words = body["error"].get<std::string>();
  CHECK((status == 500 || words.find("it ") != std::string::npos));
}

TEST_CASE("the front knows its pages and refuses others", "[storefront]") {
  front_rig rig{false};
  CHECK(rig.request("GET", "/health").body == R"({"node":"alpha"})");
  CHECK(rig.request("GET", "/health/live").status == 200);
  CHECK(rig.request("POST", "/api/nothing", "{}").status == 404);
  auto wrong = rig.request("GET", "/api/product_catalog");
  CHECK(wrong.status == 405);
  CHECK(wrong.field("allow") == "POST");
  CHECK(rig.request("POST", "/health").field("allow") == "GET, HEAD");
}

TEST_CASE("an oversized body is answered as every other error",
          "[storefront]") {
  front_rig rig{false};
  auto reply =
    rig.request("POST", "/api/product_catalog?a=b", std::string(100'000, ' '));
  CHECK(reply.status == 413);
  CHECK(json::parse(reply.body)
        == json{{"status", "bad_request"},
                {"error", "the body is too large"},
                {"processing_time", 0.0},
                {"service", "product_catalog"}});
}

TEST_CASE("a node that drains is live but not ready, and still serves",
          "[storefront]") {
  front_rig rig{false};
  CHECK(rig.request("GET", "/health/ready").status == 200);
  rig.draining = true;
  CHECK(rig.request("GET", "/health/ready").status == 503);
  CHECK(rig.request("GET", "/health/live").status == 200);
  CHECK(rig.request("POST", "/api/product_catalog", "{}").status == 200);
}

TEST_CASE("a service can be made to crash only with chaos", "[storefront]") {
  auto target = "/chaos/crash?service=product_catalog";
  front_rig calm{false};
  CHECK(calm.request("POST", target).status == 404);
  front_rig wild{true};
  auto reply = wild.request("POST", target);
  CHECK(reply.status == 200);
  CHECK(json::parse(reply.body)["crashed"] == true);
}
