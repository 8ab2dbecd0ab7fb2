// Answers that go on: what is written arrives, and who does not read is not
// waited for.

#include "runtime/http/server_fixture.hpp"

#include <bulwark/http/stream.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

constexpr auto get = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server that answers every request by the same stream.
struct streaming_server {
  std::shared_ptr<http_stream> stream;
  running_server server;

  explicit streaming_server(size_t waiting_max = 1'000, http_limits limits = {})
    : stream(std::make_shared<http_stream>(waiting_max)),
      server(
        [this](const http_request&, const http_responder& respond) {
          respond({.body = "first ",
                   .content_type = "text/event-stream",
                   .fields = {{"Cache-Control", "no-store"}},
                   .stream = stream});
        },
        limits) {}

  bool becomes_ended() const {
    for (auto end = soon(); now() < end; std::this_thread::yield())
      if (stream->ended())
        return true;
    return false;
  }
};

} // namespace

TEST_CASE("a stream arrives as it is written, and ends with the connection",
          "[http]") {
  streaming_server s;
  s.stream->write("before ");
  raw_client client{s.server};
  client.send(get);
  auto head = client.head();
  CHECK(head.status == 200);
  CHECK(head.field("content-type") == "text/event-stream");
  CHECK(head.field("cache-control") == "no-store");
  CHECK(head.field("content-length").empty());
  CHECK(head.field("connection") == "close");
  CHECK(s.stream->write("then "));
  s.stream->end();
  CHECK_FALSE(s.stream->write("too late"));
  CHECK(client.everything() == "first before then ");
}

TEST_CASE("HEAD to a stream is its head", "[http]") {
  streaming_server s;
  raw_client client{s.server};
  client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.head().status == 200);
  CHECK(client.closed());
}

TEST_CASE("only so much waits for a reader", "[http]") {
  http_stream stream{10};
  CHECK(stream.write("12345"));
  CHECK(stream.write("67890"));
  CHECK_FALSE(stream.write("1"));
  CHECK(stream.write(""));
  CHECK(stream.waiting() == 10);
  CHECK(stream.take(4) == "1234");
  // What is being sent waits as well.
  CHECK_FALSE(stream.write("1"));
  stream.left();
  CHECK(stream.waiting() == 6);
  CHECK(stream.write("abcd"));
  CHECK(stream.take(100) == "567890abcd");
  stream.abort();
  CHECK(stream.ended());
  CHECK_FALSE(stream.write("1"));
}

TEST_CASE("a reader that does not read is dropped", "[http]") {
  streaming_server s{64 * 1024 * 1024, {.stream_timeout = 50ms}};
  raw_client client{s.server};
  client.send(get);
  // More than the buffers of a connection hold.
  CHECK(s.stream->write(std::string(60 * 1024 * 1024, 'x')));
  CHECK(s.becomes_ended());
  CHECK(s.stream->waiting() < 60 * 1024 * 1024);
}

TEST_CASE("a reader that goes, or says more, ends its stream", "[http]") {
  streaming_server s;
  SECTION("it goes") {
    raw_client client{s.server};
    client.send(get);
    client.head();
  }
  SECTION("it says more") {
    raw_client client{s.server};
    client.send(get);
    client.head();
    client.send("x");
    client.everything();
  }
  CHECK(s.becomes_ended());
}

TEST_CASE("a stream that is aborted closes its connection", "[http]") {
  streaming_server s;
  raw_client client{s.server};
  client.send(get);
  client.head();
  s.stream->abort();
  client.everything();
}

TEST_CASE("a server that stops ends its streams", "[http]") {
  streaming_server s;
  raw_client client{s.server};
  client.send(get);
  client.head();
  s.server.server.stop(10s);
  CHECK(s.stream->ended());
  CHECK_FALSE(s.stream->write("x"));
}
