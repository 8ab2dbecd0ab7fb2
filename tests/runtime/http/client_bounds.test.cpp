// The client called itself once for each `100 Continue`, looked at its
// deadline only when nothing came, and waited for the body of answers that
// have none.
#include "scripted_server.hpp"
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

http_failure failure_of(scripted_server& server, duration timeout = patience) {
  auto client = server.client();
  try {
    client.request("GET", "/", "", timeout);
  } catch (const http_error& e) {
    return e.cause();
  }
  FAIL("the request was answered");
  return {};
}

http_reply reply_of(scripted_server& server, const char* method = "GET") {
  return server.client().request(method, "/", "", patience);
}

} // namespace

TEST_CASE("a client does not wait for a body that cannot come",
          "[http][client]") {
  for (auto status : {"204 No Content", "304 Not Modified"}) {
    CAPTURE(status);
    scripted_server server{"HTTP/1.1 " + std::string{status} + "\r\n\r\n"};
    auto client = server.client();
    CHECK(client.request("GET", "/", "", 2s).body.empty());
    CHECK(client.request("GET", "/", "", 2s).body.empty());
  }
  scripted_server server{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"};
  CHECK(server.client().request("HEAD", "/", "", 2s).status == 200);
  scripted_server coded{
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
  CHECK(coded.client().request("HEAD", "/", "", 2s).status == 200);
}

TEST_CASE("a client takes few interim answers and not endlessly many",
          "[http][client]") {
  std::string interim;
  for (int i = 0; i < 10; ++i)
    interim += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"
                          : "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
  scripted_server few{interim + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  CHECK(reply_of(few).status == 200);
  scripted_server many{"HTTP/1.1 100 Continue\r\n\r\n", forever};
  CHECK(failure_of(many) == http_failure::malformed);
}

TEST_CASE("a client keeps its deadline while data keeps coming",
          "[http][client]") {
  // Each byte is a field too many for a header of 16 KiB only after seconds.
  scripted_server slow{"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                       "x", 1ms};
  auto began = now();
  CHECK(failure_of(slow, 50ms) == http_failure::timed_out);
  CHECK(now() - began < 3s);
}

// Added to the clock's time, the longest of times was one in the past.
TEST_CASE("a client waits as long as it is told, however long or short",
          "[http][client]") {
  scripted_server server{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  auto client = server.client();
  CHECK(client.request("GET", "/", "", duration::max()).status == 200);
  for (auto none : {duration::zero(), duration{-1}, duration::min()})
    CHECK(failure_of(server, none) == http_failure::timed_out);
}

TEST_CASE("an answer that two readers may take for different ones is refused",
          "[http][client]") {
  for (auto fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: +1\r\n",
        "Content-Length: 1, 1\r\n", "Content-Length:\r\n", "A : b\r\n",
        "Content-Length: 18446744073709551617\r\n"}) {
    CAPTURE(fields);
    scripted_server server{"HTTP/1.1 200 OK\r\n" + std::string{fields}
                           + "\r\nx"};
    CHECK(failure_of(server) == http_failure::malformed);
  }
  for (auto status : {"000", "099", "101", "600", "-12", "+20"}) {
    CAPTURE(status);
    scripted_server server{"HTTP/1.1 " + std::string{status}
                           + " X\r\nContent-Length: 0\r\n\r\n"};
    CHECK(failure_of(server) == http_failure::malformed);
  }
}

TEST_CASE("a connection that the answer ends is not used again",
          "[http][client]") {
  for (auto head : {"HTTP/1.1 200 OK\r\nConnection: Foo, Close\r\n",
                    "HTTP/1.0 200 OK\r\n"}) {
    CAPTURE(head);
    scripted_server server{std::string{head} + "Content-Length: 0\r\n\r\n"};
    auto client = server.client();
    CHECK(client.request("GET", "/", "", patience).status == 200);
    CHECK(client.request("GET", "/", "", patience).status == 200);
    CHECK(server.connections() == 2);
  }
}

TEST_CASE("a client names the port that it asks", "[http][client]") {
  scripted_server server{"HTTP/1.1 204 No Content\r\n\r\n"};
  reply_of(server);
  CHECK(server.received().find(
          "\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n")
        != std::string::npos);
}

TEST_CASE("a request that would be two is not sent", "[http][client]") {
  scripted_server server{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  auto client = server.client();
  auto refused = [&](const char* method, const char* target,
                     const http_fields& fields) {
    CHECK_THROWS_AS(client.request(method, target, "", patience, fields),
                    http_error);
  };
  refused("GET", "/", {{"X", "a\r\nB: c"}});
  refused("GET", "/", {{"X: y\r\nB", "c"}});
  refused("GET", "/ HTTP/1.1\r\nB: c", {});
  refused("GET / HTTP/1.1\r\n", "/", {});
  CHECK(server.connections() == 0);
}
