// A body was left to be taken for the next request where its coding was not
// known, a folded line was unfolded, a header that came in pieces had no bound,
// and a request without Host was served.
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <tuple>

using namespace bulwark;
using namespace bulwark::test;

namespace {

constexpr auto ghost = "GET /ghost HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& fields, const std::string& rest = "") {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + rest;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string get(const std::string& target, const std::string& version = "1.1") {
  return "GET " + target + " HTTP/" + version + "\r\nHost: x\r\n\r\n";
}

/// Sends `bytes` and a further request, and returns the status of the only
/// answer, 0 if there was none, and -1 if there was more than one.
int only_status(const std::string& bytes) {
  using namespace std::chrono_literals;
  running_server server{echo, {.read_timeout = 500ms, .idle_timeout = 500ms}};
  raw_client client{server};
  client.send(bytes + ghost);
  auto text = client.everything();
  if (text.empty())
    return 0;
  if (text.find("HTTP/1.1", 1) != std::string::npos)
    return -1;
  return std::stoi(text.substr(9, 3));
}

using refused_requests = std::vector<std::pair<std::string, int>>;

void check_all(const refused_requests& requests) {
  for (auto& [bytes, status] : requests) {
    CAPTURE(bytes);
    CHECK(only_status(bytes) == status);
  }
}

} // namespace

TEST_CASE("a request whose coding does not tell its end is refused", "[http]") {
  check_all({
    {post("Transfer-Encoding: gzip\r\n"), 400},
    {post("Transfer-Encoding: identity\r\n"), 400},
    {post("Transfer-Encoding: chunked, gzip\r\n"), 400},
    {post("Transfer-Encoding: xchunked\r\n"), 400},
    {post("Transfer-Encoding: chunked, chunked\r\n"), 400},
    {post("Transfer-Encoding: , chunked\r\n"), 400},
    {post("Transfer-Encoding:\r\n"), 400},
    {post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 400},
    {post("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
    {post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"
     "Connection: keep-alive\r\n\r\n",
     400},
  });
}

TEST_CASE("a request whose length is not one number is refused", "[http]") {
  check_all({
    {post("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
    {post("Content-Length: 3\r\nContent-Length: 5\r\n"), 400},
    {post("Content-Length: 3, 3\r\n"), 400},
    {post("Content-Length: +3\r\n"), 400},
    {post("Content-Length: -1\r\n"), 400},
    {post("Content-Length: 0x3\r\n"), 400},
    {post("Content-Length: 3 3\r\n"), 400},
    {post("Content-Length:\r\n"), 400},
    {post("Content-Length: 18446744073709551619\r\n"), 413},
  });
}

TEST_CASE("a header that is not as RFC 9112 writes it is refused", "[http]") {
  using namespace std::string_literals;
  check_all({
    {post("Content-Length : 3\r\n"), 400},
    {post("X: a\r\n b\r\n"), 400},
    {post("X: a\r\n\tb\r\n"), 400},
    {post("Transfer-Encoding:\r\n chunked\r\n"), 400},
    {post("X: a\rb\r\n"), 400},
    {post("X: a\nb: c\r\n"), 400},
    {post("X: a\0b\r\n"s), 400},
    {post("no colon\r\n"), 400},
    {post(": no name\r\n"), 400},
    {"GET / HTTP/1.1\nHost: x\n\n", 400},
    {"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
    {"\r\n\r\n" + get("/"), 400},
    {post("Expect: 200-maybe\r\n"), 417},
  });
}

TEST_CASE("a request line that is not as RFC 9112 writes it is refused",
          "[http]") {
  using namespace std::string_literals;
  check_all({
    {get("/a\0b"s), 400},
    {get("/a b"), 400},
    {get("/a#b"), 400},
    {get("/%zz"), 400},
    {get("/\xc3\xb6"), 400},
    {get("a"), 400},
    {get("*"), 400},
    {get("http:///a"), 400},
    {get("http://a@b/c"), 400},
    {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET / http/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET /\r\n\r\n", 400},
    {"G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {get("/", "1.2"), 505},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501},
    {get("/" + std::string(10'000, 'a')), 414},
  });
}

TEST_CASE("a request for no host, or for two, is refused", "[http]") {
  check_all({
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
  });
}

TEST_CASE("chunks that are not as RFC 9112 writes them are refused", "[http]") {
  check_all({
    {chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("-1\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("3 \r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("3\nabc\n0\n\n"), 400},
    {chunked("3\r\nabcXX\r\n0\r\n\r\n"), 400},
    {chunked("3;\nxx\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("3;a=\"b\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("00000000000000003\r\nabc\r\n0\r\n\r\n"), 400},
    {chunked("10000000000000003\r\nabc\r\n0\r\n\r\n"), 413},
    {chunked("1\r\na\r\n0\r\nContent-Length: 50\r\n\r\n"), 400},
    {chunked("1\r\na\r\n0\r\nHost: y\r\n\r\n"), 400},
    {chunked("1\r\na\r\n0\r\nX: a\r\n b\r\n\r\n"), 400},
    {chunked("3;a=" + std::string(10'000, 'a') + "\r\nabc\r\n0\r\n\r\n"), 431},
    {chunked("0\r\nX: " + std::string(10'000, 'a') + "\r\n\r\n"), 431},
  });
}

TEST_CASE("a header that comes in pieces has the same bound", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  // 100 KiB of fields, one at a time.
  try {
    for (int i = 0; i < 100; ++i)
      client.send("A: " + std::string(1019, 'x') + "\r\n");
    client.send("\r\n");
  } catch (const http_error&) {
    // Refused and closed already.
  }
  CHECK(client.reply().status == 431);
}

TEST_CASE("trailers do not change the request", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send(chunked("1;a=b;c = \"d;\\\"\"\r\na\r\n0;e\r\nX-Request-Id: 7\r\n"
                      "Connection: close\r\n\r\n"));
  CHECK(client.reply().body == "POST\n/\n\na\n");
  client.send(get("/again"));
  CHECK(client.reply().body == "GET\n/again\n\n\n");
}

TEST_CASE("all forms of a target are understood", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send("\r\n" + get("http://b:80/p?q"));
  CHECK(client.reply().body == "GET\n/p\nq\n\n");
  client.send(get("HTTPS://[::1]?q"));
  CHECK(client.reply().body == "GET\n/\nq\n\n");
  client.send("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n");
  CHECK(client.reply().body == "OPTIONS\n*\n\n\n");
  client.send("GET /%7e;a=b:@!$&'()*+,;= HTTP/1.0\r\n\r\n");
  CHECK(client.reply().body == "GET\n/%7e;a=b:@!$&'()*+,;=\n\n\n");
  CHECK(client.closed());
}
