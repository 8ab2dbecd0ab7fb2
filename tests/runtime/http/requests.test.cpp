#include "server_fixture.hpp"

#include <bulwark/options/listen_error.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;

TEST_CASE("a handler sees method, path, query, body and request id", "[http]") {
  running_server server{echo};
  auto reply = server.client().request("POST", "/a/b?c=d?e", "body", patience,
                                       {{"X-Request-Id", "id-1"}});
  CHECK(reply.status == 200);
  CHECK(reply.field("content-type") == "text/plain");
  CHECK(reply.body == "POST\n/a/b\nc=d?e\nbody\nid-1");
}

TEST_CASE("a handler sees the fields as they were sent", "[http]") {
  http_fields seen;
  std::string first;
  running_server server{
    [&](const http_request& request, const http_responder& respond) {
      seen = request.fields;
      first = request.field("x-word").value_or("none");
      respond({.body = request.field("Missing") ? "there" : "not there"});
    }};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Word: \t one \r\n"
              "x-WORD:two\r\nEmpty:\r\n\r\n");
  CHECK(client.reply().body == "not there");
  CHECK(seen
        == http_fields{
          {"Host", "x"}, {"X-Word", "one"}, {"x-WORD", "two"}, {"Empty", ""}});
  CHECK(first == "one");
  // The next request of the connection has its own, and trailers are none.
  client.send("POST / HTTP/1.1\r\nHost: y\r\nTransfer-Encoding: chunked\r\n"
              "\r\n1\r\na\r\n0\r\nX-Word: three\r\n\r\n");
  CHECK(client.reply().status == 200);
  CHECK(seen == http_fields{{"Host", "y"}, {"Transfer-Encoding", "chunked"}});
  CHECK(first == "none");
}

TEST_CASE("status and Retry-After of the answer reach the client", "[http]") {
  running_server server{[](http_request, const http_responder& respond) {
    respond({.status = 429, .body = "{}", .retry_after = 7});
  }};
  auto reply = server.client().request("GET", "/", "", patience);
  CHECK(reply.status == 429);
  CHECK(reply.field("retry-after") == "7");
  CHECK(reply.field("content-type") == "application/json");
}

TEST_CASE("one connection carries many requests", "[http]") {
  running_server server{echo};
  raw_client client{server};
  for (int i = 0; i < 3; ++i) {
    client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.reply().body == "GET\n/" + std::to_string(i) + "\n\n\n");
  }
}

TEST_CASE("requests sent ahead are answered in order", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
              "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
              "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.reply().body == "GET\n/1\n\n\n");
  CHECK(client.reply().body == "POST\n/2\n\nab\n");
  CHECK(client.reply().body == "GET\n/3\n\n\n");
}

TEST_CASE("a client that asks to close is answered and closed", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto reply = client.reply();
  CHECK(reply.status == 200);
  CHECK(reply.field("connection") == "close");
  CHECK(client.closed());
}

TEST_CASE("a chunked body arrives whole", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(client.reply().body == "POST\n/\n\nabcde\n");
}

TEST_CASE("a client that expects 100 is told to go on", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
              "Expect: 100-continue\r\n\r\n");
  std::array<char, 25> interim{};
  size_t size = 0;
  while (size < interim.size())
    size += client.socket.receive(std::span{interim}.subspan(size), soon());
  CHECK(std::string(interim.data(), size) == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  CHECK(client.reply().body == "POST\n/\n\nab\n");
}

TEST_CASE("the answer to HEAD has the length and no body", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(client.head().field("content-length") == "9");
  CHECK(client.closed());
}

TEST_CASE("what is not HTTP is answered 400 and closed", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("hello there\r\n\r\n");
  CHECK(client.reply().status == 400);
  CHECK(client.closed());
}

TEST_CASE("a port in use is refused with its address and cause", "[http]") {
  running_server first{echo};
  http_server second{{}, echo};
  auto where = "127.0.0.1:" + std::to_string(first.port);
  CHECK_THROWS_WITH(second.listen("127.0.0.1", first.port),
                    "cannot listen on " + where + ": Address already in use");
}

TEST_CASE("an unknown host cannot be listened on", "[http]") {
  http_server server{{}, echo};
  CHECK_THROWS_AS(server.listen("no.such.host.invalid", 0), listen_error);
}

TEST_CASE("a program may word the server's own errors", "[http]") {
  http_server server{
    {.body_max = 10},
    [](http_request, http_responder) {},
    {.errors = [](int status, std::string_view text, std::string_view path) {
      return std::to_string(status) + " " + std::string{text} + " at "
             + std::string{path};
    }}};
  http_client client{"127.0.0.1", server.listen("127.0.0.1", 0)};
  server.start();
  CHECK(client.request("POST", "/a?b", std::string(11, 'x'), patience).body
        == "413 the body is too large at /a");
  CHECK(client.request("GET", "/c", "", patience).body
        == "500 the request was dropped at /c");
}
