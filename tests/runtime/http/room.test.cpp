// Connections that were held and asked nothing kept everyone else out, also
// whoever asked how the program was doing.
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <list>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto part =
  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{";

int status_of(raw_client& client) {
  client.send(get);
  return client.reply().status;
}

} // namespace

TEST_CASE("a connection beyond the limit replaces the longest idle one",
          "[http]") {
  running_server server{echo, {.connections_max = 2}};
  raw_client first{server};
  CHECK(status_of(first) == 200);
  raw_client second{server};
  CHECK(status_of(second) == 200);
  CHECK(status_of(first) == 200);
  raw_client third{server};
  CHECK(status_of(third) == 200);
  CHECK(second.closed());
  CHECK(status_of(first) == 200);
}

TEST_CASE("an idle connection is replaced before one that sends a request",
          "[http]") {
  running_server server{echo, {.connections_max = 2}};
  raw_client sends{server};
  CHECK(status_of(sends) == 200);
  sends.send(part);
  raw_client idle{server};
  CHECK(status_of(idle) == 200);
  raw_client third{server};
  CHECK(status_of(third) == 200);
  CHECK(idle.closed());
  sends.send("12345678");
  CHECK(sends.reply().status == 200);
}

TEST_CASE("whoever asks is answered while others hold all connections",
          "[http]") {
  auto sent = GENERATE(as<std::string>{}, "", "GET / HT", part);
  running_server server{echo, {.connections_max = 20}};
  std::list<raw_client> held;
  for (int i = 0; i < 60; ++i) {
    held.emplace_back(server).send(sent);
    if (i % 10 == 9) {
      raw_client asks{server};
      CHECK(status_of(asks) == 200);
    }
  }
}

TEST_CASE("a connection is turned away while all have a request in flight",
          "[http]") {
  kept_requests kept;
  running_server server{kept.handler(), {.connections_max = 2}};
  raw_client first{server};
  first.send(get);
  auto respond_first = kept.take();
  raw_client second{server};
  second.send(get);
  auto respond_second = kept.take();
  raw_client third{server};
  CHECK(third.reply().status == 503);
  CHECK(third.closed());
  respond_first({});
  respond_second({});
  CHECK(first.reply().status == 200);
  CHECK(second.reply().status == 200);
}

TEST_CASE("an exempt request is handled beyond those in flight", "[http]") {
  kept_requests kept;
  auto keep = kept.handler();
  running_server server{
    [&](const http_request& request, const http_responder& respond) {
      request.path == "/health" ? respond({}) : keep(request, respond);
    },
    {.requests_max = 1},
    {.exempt = [](const http_request& x) { return x.path == "/health"; }}};
  raw_client busy{server};
  busy.send(get);
  auto respond = kept.take();
  auto client = server.client();
  CHECK(client.request("GET", "/health", "", patience).status == 200);
  CHECK(client.request("GET", "/", "", patience).status == 503);
}
