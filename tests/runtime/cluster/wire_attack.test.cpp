// One header without its payload ended a node that listens or dials; so did a
// message of a stream, and one that holds a hundred thousand messages, one in
// the other; 4 GiB that were announced were allocated.

#include "runtime/cluster/island.hpp"
#include "runtime/cluster/raw_client.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using bulwark::event_kind;
using bulwark::detail::frame_header;
using test::frame;
using test::island;
using test::node_id;
using test::raw_client;

namespace {

/// Messages within a message: no forwarding stack, then each begins with the
/// types that it holds.
std::string nested(size_t levels) {
  const std::string type = "@<>+@message";
  std::string result(1, '\0');
  for (size_t i = 0; i < levels; ++i)
    result += std::string(2, '\0') + static_cast<char>(type.size()) + type;
  return result;
}

/// Returns the number of the actor that a node tells of in its handshake: the
/// first one of no others is written behind its id and its program.
uint64_t published(raw_client& stranger) {
  auto hello = stranger.receive(32 + 32 + 1 + 1 + 9 + 8);
  uint64_t result = 0;
  for (auto byte : hello.substr(hello.size() - 8))
    result = result << 8 | static_cast<unsigned char>(byte);
  return result;
}

/// A client that has said who it is.
raw_client met(const island& node, char name) {
  raw_client result{node.address().port};
  result.send({.kind = 1}, node_id(name));
  return result;
}

void check_alive(island& node) {
  CHECK(node.ask("orders", "one") == "orders one");
  island friendly{{.name = "beta", .join = {node.address()}}};
  friendly.await_event(event_kind::node_joined, "node/alpha");
}

} // namespace

SCENARIO("what ends a program of CAF closes one connection of a node",
         "[cluster][wire]") {
  island node{{.name = "alpha", .services = {"orders"}}};
  const std::vector<std::string> first{
    // A handshake of either side without its payload.
    frame({.data = 3}),
    frame({.kind = 1}),
    // 4 GiB, in a handshake and in a message.
    frame({.kind = 1, .payload = 0xffffffff}),
    frame({.kind = 2, .payload = 0xffffffff, .target = 1}),
    // A message before a handshake.
    frame({.kind = 2, .target = 1}, "abc"),
    "GET / HTTP/1.1\r\nHost: alpha\r\nAccept: */*\r\n\r\n",
    std::string(100, '\xff'),
  };
  for (const auto& bytes : first) {
    raw_client stranger{node.address().port};
    stranger.send(bytes);
    CHECK(stranger.closed());
  }
  constexpr auto stream = uint64_t{3} << 60;
  const std::vector<std::string> later{
    frame({.kind = 2, .data = stream | 1, .target = 1}, "abc"),
    frame({.kind = 2, .payload = 0xffffffff, .target = 1}),
    frame({.data = 3}, node_id('x')),
    frame({.kind = 1}, node_id('y')),
    frame({.kind = 7}),
  };
  for (const auto& bytes : later) {
    auto stranger = met(node, 'x');
    stranger.send(bytes);
    CHECK(stranger.closed());
  }
  auto stranger = met(node, 'x');
  stranger.send(
    {.kind = 2, .data = uint64_t{1} << 60, .target = published(stranger)},
    nested(500'000));
  CHECK(stranger.closed());
  check_alive(node);
  // Told once a minute.
  CHECK(node.count(event_kind::peer_refused) == 1);
}

SCENARIO("what ends a program of CAF that dials closes one connection",
         "[cluster][wire]") {
  test::raw_listener enemy;
  island node{{.name = "alpha",
               .join = {{"127.0.0.1", enemy.port()}},
               .services = {"orders"}}};
  for (const auto& bytes :
       {frame({.data = 3}), frame({.payload = 0xffffffff, .data = 3}),
        frame({.kind = 1}, node_id('x')), std::string(100, '\xff')})
    enemy.greet(bytes);
  auto failed = node.await_event(event_kind::join_failed, "node/alpha");
  CHECK(failed.reason == "it sent a handshake of a wrong size");
  check_alive(node);
}

SCENARIO("what a stranger sends to a name is passed over", "[cluster][wire]") {
  island node{{.name = "alpha", .services = {"orders"}}};
  auto stranger = met(node, 'x');
  // Its handshake, and what CAF sends to each new node.
  CHECK(stranger.receive(32).size() == 32);
  stranger.send({.kind = 2, .flags = 1, .data = uint64_t{1} << 60, .target = 7},
                std::string(1, '\0') + "abc");
  stranger.send({.kind = 3}, node_id('t') + node_id('u') + "routed");
  stranger.send({.kind = 6}, "");
  test::await("it has become a node", [&] {
    auto all = node.wires().connections();
    return all.size() == 1 && !all[0]->node().empty();
  });
  check_alive(node);
  CHECK(node.count(event_kind::peer_refused) == 0);
}

SCENARIO("frames of any bytes after a handshake end nothing",
         "[cluster][wire]") {
  island node{{.name = "alpha", .services = {"orders"}}};
  std::mt19937_64 random{20260727};
  for (int round = 0; round < 300; ++round) {
    auto stranger = met(node, static_cast<char>('a' + round % 26));
    for (int i = 0; i < 20; ++i) {
      std::string payload(1 + random() % 200, '\0');
      for (auto& each : payload)
        each = static_cast<char>(random() % 5 == 0 ? random() : 0);
      stranger.send({.kind = 2,
                     .data = (random() & ~(uint64_t{1} << 61)),
                     .source = random() % 30,
                     .target = 1 + random() % 30},
                    payload);
    }
  }
  check_alive(node);
}
