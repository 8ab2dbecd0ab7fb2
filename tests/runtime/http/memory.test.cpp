// An exception while a connection was taken ended the taking of connections.
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

namespace {

/// Allocations of this thread until one fails; 0: none does.
thread_local int allocations_left = 0;

void* allocate(std::size_t size) {
  if (allocations_left > 0 && --allocations_left == 0)
    throw std::bad_alloc();
  auto* result = std::malloc(size);
  if (!result)
    throw std::bad_alloc();
  return result;
}

} // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

using namespace bulwark;
using namespace bulwark::test;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// Returns 0 where the connection is closed without an answer.
int ask(const running_server& server, const std::string& request) {
  try {
    raw_client client{server};
    client.send(request);
    return client.reply().status;
  } catch (const http_error& e) {
    return e.cause() == http_failure::timed_out ? -1 : 0;
  }
}

} // namespace

TEST_CASE("no allocation that fails ends a server", "[http]") {
  running_server server{
    [](const http_request& request, const http_responder& respond) {
      if (!request.query.empty())
        allocations_left = std::stoi(request.query);
      respond({.body = std::string(100, 'x')});
    }};
  // From the answer's way out over the next connection to that one's answer.
  for (int i = 1; i <= 40; ++i) {
    CAPTURE(i);
    auto target = "/?" + std::to_string(i);
    CHECK(ask(server, "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n") != -1);
    // The last of the allocations may be one of the third connection.
    for (int others = 0; others < 3; ++others)
      ask(server, get);
    REQUIRE(ask(server, get) == 200);
  }
}
