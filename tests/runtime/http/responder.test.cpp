#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace bulwark;
using namespace bulwark::test;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("a responder works from another thread", "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client client{server};
  client.send(get);
  std::thread{[&] { kept.take()({.body = "late"}); }}.join();
  CHECK(client.reply().body == "late");
}

TEST_CASE("only the first call of a responder counts", "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client client{server};
  client.send(get);
  auto first = kept.take();
  first({.body = "first"});
  first({.body = "second"});
  CHECK(client.reply().body == "first");
  client.send(get);
  auto second = kept.take();
  first({.body = "third"});
  second({.body = "fourth"});
  CHECK(client.reply().body == "fourth");
}

TEST_CASE("threads that race for one responder give one answer", "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client client{server};
  for (int round = 0; round < 50; ++round) {
    client.send(get);
    auto respond = kept.take();
    std::vector<std::thread> racers;
    for (int i = 0; i < 4; ++i)
      racers.emplace_back([=] { respond({.body = std::to_string(round)}); });
    for (auto& racer : racers)
      racer.join();
    REQUIRE(client.reply().body == std::to_string(round));
  }
}

TEST_CASE("a responder that is dropped answers 500", "[http]") {
  running_server server{[](http_request, http_responder) {}};
  auto reply = server.client().request("GET", "/", "", patience);
  CHECK(reply.status == 500);
}

TEST_CASE("a handler that throws answers 500 and the server goes on",
          "[http]") {
  running_server server{[](http_request request, http_responder respond) {
    if (request.path == "/bad")
      throw std::runtime_error("bad");
    respond({.status = 204});
  }};
  raw_client client{server};
  client.send("GET /bad HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.reply().status == 500);
  client.send(get);
  CHECK(client.reply().status == 204);
}

TEST_CASE("an answer to a client that is gone has no effect", "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  {
    raw_client client{server};
    client.send(get);
    kept.take()({.body = "unread"});
  }
  raw_client next{server};
  next.send(get);
  kept.take()({.body = "next"});
  CHECK(next.reply().body == "next");
}
