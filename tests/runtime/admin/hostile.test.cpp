// Clients that connect and ask nothing, read nothing or send without end:
// services and other clients do not notice.

#include "runtime/admin/admin_fixture.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <deque>

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
