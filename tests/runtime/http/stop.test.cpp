#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <optional>
#include <thread>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("a stopped server has closed its port and connections", "[http]") {
  running_server server{echo};
  raw_client client{server};
  client.send(get);
  CHECK(client.reply().status == 200);
  server.server.stop();
  CHECK(client.closed());
  CHECK_THROWS_AS(raw_client{server}, http_error);
}

TEST_CASE("stop without start and stop after stop are harmless", "[http]") {
  http_server server{{}, echo};
  server.listen("127.0.0.1", 0);
  server.stop();
  server.stop();
  http_server idle{{}, echo};
}

TEST_CASE("what connects before the start is served after it", "[http]") {
  http_server server{{}, echo};
  auto port = server.listen("127.0.0.1", 0);
  detail::blocking_socket socket{"127.0.0.1", port, soon()};
  socket.send(get, soon());
  server.start();
  CHECK(detail::reply_reader{socket}.next(soon()).status == 200);
}

TEST_CASE("a request in flight is answered within the grace of a stop",
          "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client idle{server};
  std::optional<raw_client> busy{std::in_place, server};
  busy->send(get);
  auto respond = kept.take();
  std::thread stopper{[&] { server.server.stop(patience); }};
  // The idle connection is closed first, which shows that the stop began.
  CHECK(idle.closed());
  respond({.body = "done"});
  auto reply = busy->reply();
  CHECK(reply.body == "done");
  CHECK(reply.field("connection") == "close");
  // Its client hangs up: the stop need not linger.
  busy.reset();
  auto began = now();
  stopper.join();
  CHECK(now() - began < patience / 2);
}

TEST_CASE("a server that drains answers, and closes what it answered",
          "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client idle{server};
  idle.send(get);
  kept.take()({});
  CHECK(idle.reply().field("connection").empty());
  raw_client busy{server};
  busy.send(get);
  auto respond = kept.take();
  server.server.drain();
  idle.send(get);
  kept.take()({.body = "idle"});
  auto reply = idle.reply();
  CHECK(reply.body == "idle");
  CHECK(reply.field("connection") == "close");
  CHECK(idle.closed());
  respond({.body = "busy"});
  CHECK(busy.reply().field("connection") == "close");
  raw_client fresh{server};
  fresh.send(get);
  kept.take()({.body = "fresh"});
  CHECK(fresh.reply().field("connection") == "close");
}

TEST_CASE("a stop cuts what is in flight after its grace", "[http]") {
  kept_requests kept;
  running_server server{kept.handler()};
  raw_client client{server};
  client.send(get);
  auto respond = kept.take();
  server.server.stop(20ms);
  CHECK(client.closed());
  respond({.body = "too late"});
}

TEST_CASE("a responder may outlive its server", "[http]") {
  kept_requests kept;
  http_responder late;
  {
    running_server server{kept.handler()};
    raw_client client{server};
    client.send(get);
    late = kept.take();
  }
  late({.body = "nobody hears"});
  late = nullptr;
}

TEST_CASE("stopping under load neither hangs nor crashes", "[http]") {
  std::atomic<bool> stop{false};
  std::optional<running_server> server{std::in_place, echo};
  auto port = server->port;
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      http_client client{"127.0.0.1", port};
      while (!stop) {
        try {
          if (client.request("GET", "/", "", patience).status == 200)
            ++answered;
        } catch (const http_error&) {
          // Cut or refused, as it must be once the server is gone.
        }
      }
    });
  while (answered < 200)
    std::this_thread::yield();
  server.reset();
  stop = true;
  for (auto& client : clients)
    client.join();
  CHECK(answered >= 200);
}
