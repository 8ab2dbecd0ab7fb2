// Clients that connect and ask nothing, read nothing or send without end:
// services and other clients do not notice.

#include "runtime/admin/admin_fixture.hpp"
#include "support/process.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <deque>
#include <iostream>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

constexpr auto get_metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct busy_node : admin_node {
  busy_node() {
    it.service("echo", positive_echo);
    core.start();
    REQUIRE(becomes_ready());
  }

  bool serves() {
    caf::scoped_actor self{it.system()};
    auto good = false;
    self->request(it.gate("echo"), 10s, 7)
      .receive([&](int x) { good = x == 7; }, [](const caf::error&) {});
    return good;
  }
};

/// A node that is another process, whose memory is its own.
struct node_elsewhere {
  ::test::process it{::test::program("STEERED_NODE"),
                     {"--name=alpha", "--admin=127.0.0.1:0"}};
  uint16_t port =
    parse_host_port(::test::field_of(it.wait_for_line("node_started"), "admin"))
      .value()
      .port;

  http_reply get(const std::string& target) const {
    http_client client{"127.0.0.1", port};
    return client.request("GET", target, "", patience);
  }

  /// Asks again while those who are gone count as there.
  double memory() const {
    auto reply = get("/metrics");
    while (reply.status == 503)
      reply = get("/metrics");
    return read_metrics(reply.body, false).at("process_resident_memory_bytes");
  }

  /// Sends until it is not listened to any more; false: it always was.
  bool send_until_closed(const std::string& head, const std::string& piece,
                         size_t pieces) const {
    raw_client client{port};
    try {
      client.send(head);
      for (size_t i = 0; i < pieces; ++i)
        client.send(piece);
    } catch (const http_error&) {
      return true;
    }
    return false;
  }
};

constexpr auto ask_events = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr auto foreign_host = "GET /metrics HTTP/1.1\r\nHost: evil\r\n\r\n";
constexpr auto endless = "POST /api/control/set HTTP/1.1\r\nHost: localhost\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n";

} // namespace

TEST_CASE("a hundred silent connections keep nobody out", "[admin]") {
  busy_node node;
  std::deque<raw_client> silent;
  for (int i = 0; i < 100; ++i)
    silent.emplace_back(node.port());
  CHECK(node.get("/health/live").status == 200);
  CHECK(node.get("/metrics").status == 200);
  CHECK(node.serves());
  // The oldest have made way.
  CHECK(silent.front().closed());
}

TEST_CASE("who reads no answers holds nobody up", "[admin]") {
  busy_node node;
  std::deque<raw_client> slow;
  for (int i = 0; i < 3; ++i) {
    slow.emplace_back(node.port());
    std::string many;
    // Answers to more than the buffers of a connection hold.
    for (int n = 0; n < 1000; ++n)
      many += get_metrics;
    slow.back().send(many);
  }
  for (int i = 0; i < 20; ++i) {
    CHECK(node.serves());
    CHECK(node.get("/health/live").status == 200);
  }
}

TEST_CASE("what is too long is refused", "[admin]") {
  busy_node node;
  CHECK(node
          .send("POST / HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Length: 1000000\r\n\r\n")
          .status
        == 413);
  CHECK(
    node
      .send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(9000, 'x'))
      .status
    == 431);
  CHECK(node.send("GET /" + std::string(9000, 'x')).status == 414);
  auto refused = node.send("hello\r\n\r\n");
  CHECK(refused.status == 400);
  CHECK(refused.body == "{\"error\":\"not a valid request line\"}\n");
  CHECK(node.get("/health/live").status == 200);
}

TEST_CASE("a thousand streams that nobody reads, bodies without end, foreign "
          "hosts and changes without token cost no memory",
          "[admin]") {
  node_elsewhere node;
  auto round = [&](size_t streams) {
    std::deque<raw_client> unread;
    for (size_t i = 0; i < streams; ++i) {
      unread.emplace_back(node.port);
      unread.back().send(ask_events);
      raw_client foreign{node.port};
      foreign.send(foreign_host);
      if (i % 50 == 0) {
        CHECK(node.get("/health/live").status == 200);
        std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
        CHECK(node.send_until_closed(endless, chunk, 10'000));
      }
    }
    http_client changer{"127.0.0.1", node.port};
    auto status =
      changer.request("POST", "/api/control/leave", "{}", patience).status;
    // Or nobody is let in any more.
    CHECK((status == 401 || status == 503));
  };
  // What it takes to serve anybody at all.
  round(40);
  auto before = node.memory();
  round(1000);
  auto after = node.memory();
  std::cout << "memory " << before / 1e6 << " MB, then " << after / 1e6
            << " MB\n";
  // Sanitizers keep what was freed.
  if (TEST_SHARE == 1)
    CHECK(after < before * 1.1);
}
