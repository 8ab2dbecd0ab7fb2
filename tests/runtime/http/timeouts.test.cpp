#include "server_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

TEST_CASE("a connection that sends nothing is closed without an answer",
          "[http]") {
  running_server server{echo, {.read_timeout = 50ms}};
  raw_client client{server};
  CHECK(client.closed());
}

TEST_CASE("a header that stops midway is answered 408 and closed", "[http]") {
  running_server server{echo, {.read_timeout = 50ms}};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost:");
  CHECK(client.reply().status == 408);
  CHECK(client.closed());
}

TEST_CASE("a body that stops midway is answered 408 and closed", "[http]") {
  running_server server{echo, {.read_timeout = 50ms}};
  raw_client client{server};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  CHECK(client.reply().status == 408);
  CHECK(client.closed());
}

TEST_CASE("bytes that trickle in do not extend the read timeout", "[http]") {
  running_server server{echo, {.read_timeout = 100ms}};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  auto started = now();
  char first = 0;
  // A byte each time 10 ms have passed without an answer.
  for (int i = 0; i < 500 && first == 0; ++i) {
    try {
      client.socket.receive({&first, 1}, now() + 10ms);
    } catch (const http_error&) {
      client.send("x");
    }
  }
  CHECK(first == 'H');
  CHECK(now() - started < 3s);
}

TEST_CASE("an idle connection is closed after its own timeout", "[http]") {
  running_server server{echo, {.read_timeout = 10s, .idle_timeout = 50ms}};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.reply().status == 200);
  CHECK(client.closed());
}

TEST_CASE("a slow handler does not run into the client's timeouts", "[http]") {
  kept_requests kept;
  running_server server{kept.handler(),
                        {.read_timeout = 20ms, .idle_timeout = 20ms}};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto respond = kept.take();
  char none = 0;
  CHECK_THROWS_AS(client.socket.receive({&none, 1}, now() + 100ms), http_error);
  respond({.body = "done"});
  CHECK(client.reply().body == "done");
}

TEST_CASE("a handler that does not answer in time is answered for", "[http]") {
  kept_requests kept;
  running_server server{kept.handler(), {.answer_timeout = 50ms}};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"
              "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  auto reply = client.reply();
  CHECK(reply.status == 503);
  CHECK(reply.body == R"({"error":"no answer came in time"})");
  CHECK(reply.field("connection") == "close");
  // Too late, and not taken for the answer to what was sent behind it.
  kept.take()({.body = "late"});
  CHECK(client.closed());
}

TEST_CASE("a handler that answers in time is not answered for", "[http]") {
  running_server server{echo, {.answer_timeout = 10s}};
  raw_client client{server};
  for (int i = 0; i < 3; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.reply().status == 200);
  }
}

TEST_CASE("a client that does not read its answer is closed", "[http]") {
  // More than the buffers of a loopback connection hold.
  const std::string large(64 * 1024 * 1024, 'x');
  running_server server{[&](http_request, const http_responder& respond) {
                          respond({.body = large});
                        },
                        {.connections_max = 1, .write_timeout = 50ms}};
  raw_client stuck{server};
  stuck.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  // The only place is free again as soon as the stuck one is closed.
  int status = 0;
  for (auto end = soon(); status != 200 && now() < end;) {
    raw_client next{server};
    next.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    status = next.head().status;
  }
  CHECK(status == 200);
}
