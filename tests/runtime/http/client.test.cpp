#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

http_failure failure_of(http_client& client, duration timeout = patience) {
  try {
    client.request("GET", "/", "", timeout);
  } catch (const http_error& e) {
    return e.cause();
  }
  FAIL("the request was answered");
  return {};
}

} // namespace

TEST_CASE("a client keeps its connection from request to request",
          "[http][client]") {
  running_server server{echo, {.connections_max = 1}};
  auto client = server.client();
  for (int i = 0; i < 5; ++i)
    CHECK(client.request("GET", "/", "", patience).status == 200);
}

TEST_CASE("a client replaces a connection that the server has closed",
          "[http][client]") {
  running_server server{echo, {.idle_timeout = 20ms}};
  auto client = server.client();
  CHECK(client.request("GET", "/", "", patience).status == 200);
  // A second connection is idle for longer than the first.
  raw_client later{server};
  later.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(later.reply().status == 200);
  CHECK(later.closed());
  CHECK(client.request("GET", "/", "", patience).status == 200);
}

TEST_CASE("a client tells refused, cut and late apart", "[http][client]") {
  kept_requests kept;
  std::optional<running_server> server{std::in_place, kept.handler()};
  auto client = server->client();
  CHECK(failure_of(client, 20ms) == http_failure::timed_out);
  kept.take();
  auto port = server->port;
  server.reset();
  http_client next{"127.0.0.1", port};
  CHECK(failure_of(next) == http_failure::refused);
}

TEST_CASE("an answer that ends midway is cut", "[http][client]") {
  kept_requests kept;
  std::optional<running_server> server{std::in_place, kept.handler()};
  raw_client client{*server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto respond = kept.take();
  server->server.stop();
  try {
    client.reply();
    FAIL("the request was answered");
  } catch (const http_error& e) {
    CHECK(e.cause() == http_failure::cut);
  }
}

TEST_CASE("a header is parsed into status and fields", "[http][client]") {
  auto reply = detail::parse_reply_header(
    "HTTP/1.1 404 Not Found\r\nContent-Type:  text/plain\r\nX: a:b");
  CHECK(reply.status == 404);
  CHECK(reply.field("content-type") == "text/plain");
  CHECK(reply.field("x") == "a:b");
  CHECK(reply.field("y").empty());
}

TEST_CASE("what is not an answer is refused", "[http][client]") {
  for (auto text : {"", "HTTP/1.1", "HTTP/1.1 abc", "FTP/1.1 200 OK",
                    "HTTP/1.1 200 OK\r\nno colon"}) {
    INFO(text);
    CHECK_THROWS_AS(detail::parse_reply_header(text), http_error);
  }
}
