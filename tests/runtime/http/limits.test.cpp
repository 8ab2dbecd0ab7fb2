#include "server_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;

namespace {

std::string post(size_t size) {
  return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size)
         + "\r\n\r\n" + std::string(size, 'x');
}

std::string get_with_field(size_t size) {
  return "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(size, 'x')
         + "\r\n\r\n";
}

} // namespace

TEST_CASE("a body at the limit is taken, one beyond is answered 413",
          "[http]") {
  running_server server{echo, {.body_max = 1000}};
  raw_client fits{server};
  fits.send(post(1000));
  CHECK(fits.reply().status == 200);
  raw_client beyond{server};
  beyond.send(post(1001));
  CHECK(beyond.reply().status == 413);
  CHECK(beyond.closed());
}

TEST_CASE("a client that still sends its oversized body sees the 413",
          "[http]") {
  running_server server{echo, {.body_max = 1000}};
  auto reply =
    server.client().request("POST", "/", std::string(500'000, 'x'), patience);
  CHECK(reply.status == 413);
}

TEST_CASE("a chunked body beyond the limit is answered 413", "[http]") {
  running_server server{echo, {.body_max = 1000}};
  raw_client client{server};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3e8\r\n"
              + std::string(1000, 'x') + "\r\n");
  client.send("1\r\nx\r\n0\r\n\r\n");
  CHECK(client.reply().status == 413);
}

TEST_CASE("a header beyond the limit is answered 431", "[http]") {
  running_server server{echo, {.header_max = 1000}};
  raw_client fits{server};
  fits.send(get_with_field(900));
  CHECK(fits.reply().status == 200);
  raw_client beyond{server};
  beyond.send(get_with_field(1000));
  CHECK(beyond.reply().status == 431);
  CHECK(beyond.closed());
}

TEST_CASE("a header that never ends is answered 431", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(100'000, 'x'));
  CHECK(client.reply().status == 431);
}

TEST_CASE("a connection that ends makes room for the next", "[http]") {
  running_server server{echo, {.connections_max = 1}};
  for (int i = 0; i < 5; ++i) {
    raw_client client{server};
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(client.reply().status == 200);
    // The server has seen the end of the connection when it closes its own.
    CHECK(client.closed());
  }
}

TEST_CASE("a request beyond those in flight is answered 503 at once",
          "[http]") {
  kept_requests kept;
  running_server server{kept.handler(), {.requests_max = 1}};
  raw_client first{server};
  raw_client second{server};
  first.send(get_with_field(1));
  auto respond = kept.take();
  second.send(get_with_field(1));
  auto refused = second.reply();
  CHECK(refused.status == 503);
  CHECK(refused.field("retry-after") == "1");
  respond({.body = "done"});
  CHECK(first.reply().body == "done");
  second.send(get_with_field(1));
  kept.take()({.body = "second"});
  CHECK(second.reply().body == "second");
}

TEST_CASE("a request counts as in flight when its client is gone", "[http]") {
  kept_requests kept;
  running_server server{kept.handler(), {.requests_max = 1}};
  http_responder respond;
  {
    raw_client gone{server};
    gone.send(get_with_field(1));
    respond = kept.take();
  }
  raw_client next{server};
  next.send(get_with_field(1));
  CHECK(next.reply().status == 503);
  respond({});
  next.send(get_with_field(1));
  kept.take()({});
  CHECK(next.reply().status == 200);
}
