// An address that drops packets stopped all dialling for two minutes a try,
// and SIGTERM waited behind it. Real processes and sockets, because the
// kernel's connect is what hangs; all of it on loopback.

#include "runtime/cluster/island.hpp"
#include "support/process.hpp"

#include <bulwark/cluster/detail/dial_attempt.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;
using bulwark::detail::dial_attempt;
using Catch::Contains;

namespace {

using clock_type = std::chrono::steady_clock;

/// A socket that listens and accepts nobody. The kernel completes one connect
/// for it; the packets of all further ones are dropped.
class deaf_listener {
public:
  deaf_listener() {
    where_.sin_family = AF_INET;
    where_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where_;
    auto* address = reinterpret_cast<sockaddr*>(&where_);
    REQUIRE(::bind(listener_, address, size) == 0);
    REQUIRE(::listen(listener_, 0) == 0);
    REQUIRE(::getsockname(listener_, address, &size) == 0);
  }

  deaf_listener(const deaf_listener&) = delete;
  deaf_listener& operator=(const deaf_listener&) = delete;

  ~deaf_listener() {
    ::close(filler_);
    ::close(listener_);
  }

  /// Takes the one place there is.
  void fill() const {
    const auto* address = reinterpret_cast<const sockaddr*>(&where_);
    REQUIRE(::connect(filler_, address, sizeof where_) == 0);
  }

  bulwark::host_port address() const {
    return {"127.0.0.1", ntohs(where_.sin_port)};
  }

private:
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int filler_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where_{};
};

test::process node(const std::string& name, std::vector<std::string> given) {
  auto data = std::filesystem::temp_directory_path() / ("bulwark_" + name);
  given.push_back("--name=" + name);
  given.push_back("--data=" + data.string());
  given.push_back("--drain=0s");
  return {test::program("ECHO_NODE"), std::move(given)};
}

std::string join(const bulwark::host_port& whom) {
  return "--join=" + to_string(whom);
}

void check_ends_soon(test::process& what) {
  auto told = clock_type::now();
  what.signal(SIGTERM);
  CHECK(what.wait_exit(10s) == 0);
  CHECK(clock_type::now() - told < 3s);
}

dial_attempt::outcome dial(const bulwark::host_port& address) {
  dial_attempt it{address};
  auto end = clock_type::now() + 20s;
  while (clock_type::now() < end) {
    if (auto found = it.take())
      return std::move(*found);
    std::this_thread::yield();
  }
  FAIL("the dial did not end");
  return {};
}

} // namespace

SCENARIO("an address that drops packets holds up no other, and no stop",
         "[cluster][processes]") {
  deaf_listener dropping;
  dropping.fill();
  auto beta = node("dial_beta", {"--listen=127.0.0.1:0"});
  auto good = test::field_of(beta.wait_for_line("node_started"), "listen");
  auto alpha = node("dial_alpha", {join(dropping.address()), "--join=" + good});
  alpha.wait_for_line("node_started");
  alpha.wait_for_line("node_joined component=node/dial_beta", 5s);
  auto failed = alpha.wait_for_line("join_failed", 5s);
  CHECK_THAT(failed, Contains("nobody answered within 1000ms"));
  check_ends_soon(alpha);
}

TEST_CASE("a dial gives a connection, or tells why there is none",
          "[cluster]") {
  deaf_listener listener;
  auto answered = dial({"localhost", listener.address().port});
  CHECK(answered.connection);
  CHECK(answered.failure.empty());
  auto began = clock_type::now();
  CHECK(dial(listener.address()).failure == "nobody answered within 1000ms");
  CHECK(clock_type::now() - began >= dial_attempt::answer_time);
  bulwark::host_port closed;
  {
    deaf_listener gone;
    closed = gone.address();
  }
  CHECK(dial(closed).failure == "Connection refused");
  CHECK(dial({"no-such-host.invalid", 1}).failure.find("the host is not found")
        == 0);
}
