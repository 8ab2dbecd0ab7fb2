#include "runtime/cluster/raw_client.hpp"

#include <bulwark/cluster/detail/wire/tcp.hpp>

#include <caf/atom.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace test {

namespace {

using bulwark::detail::descriptor;
using bulwark::detail::frame_header;

constexpr int patience_ms = 20'000;

bool readable(int fd) {
  pollfd what{fd, POLLIN, 0};
  return ::poll(&what, 1, patience_ms) > 0;
}

} // namespace

std::string frame(frame_header head, const std::string& payload) {
  if (!payload.empty())
    head.payload = static_cast<uint32_t>(payload.size());
  std::array<char, frame_header::size> bytes{};
  write_header(head, bytes);
  return std::string(bytes.begin(), bytes.end()) + payload;
}

std::string node_id(char name) {
  auto kind = static_cast<uint64_t>(caf::atom("default"));
  std::string result;
  for (int shift = 56; shift >= 0; shift -= 8)
    result += static_cast<char>(kind >> shift & 0xff);
  return result + std::string{"\0\0\0\7", 4} + std::string(20, name);
}

raw_client::raw_client(uint16_t port)
  : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port);
  REQUIRE(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to)
          == 0);
}

void raw_client::send(const std::string& bytes) {
  // It may be closed in the middle.
  size_t sent = 0;
  while (sent < bytes.size()) {
    auto count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent,
                        MSG_NOSIGNAL);
    if (count <= 0)
      return;
    sent += static_cast<size_t>(count);
  }
}

void raw_client::send(frame_header head, const std::string& payload) {
  send(frame(head, payload));
}

std::string raw_client::receive(size_t count) {
  std::string result(count, '\0');
  size_t have = 0;
  while (have < count) {
    if (!readable(socket_.get()))
      FAIL("nothing came");
    auto some = ::recv(socket_.get(), result.data() + have, count - have, 0);
    if (some <= 0)
      break;
    have += static_cast<size_t>(some);
  }
  result.resize(have);
  return result;
}

bool raw_client::closed() {
  std::array<char, 4096> thrown_away{};
  while (readable(socket_.get()))
    if (::recv(socket_.get(), thrown_away.data(), thrown_away.size(), 0) <= 0)
      return true;
  return false;
}

raw_listener::raw_listener()
  : listener_(bulwark::detail::listen_at({"127.0.0.1", 0})),
    port_(bulwark::detail::port_of(listener_.get())) {}

void raw_listener::greet(const std::string& bytes) {
  if (!readable(listener_.get()))
    FAIL("nobody dialled");
  last_ =
    descriptor{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  REQUIRE(last_);
  REQUIRE(::send(last_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
          == static_cast<ssize_t>(bytes.size()));
}

} // namespace test
