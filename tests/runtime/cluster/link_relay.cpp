#include "runtime/cluster/link_relay.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

namespace {

/// How soon a cut is noticed.
constexpr int look_again_ms = 5;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  result.sin_port = htons(port);
  return result;
}

int open_socket() {
  return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void stop_blocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

link_relay::link_relay() : listener_(open_socket()) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, plain, size) != 0
      || ::listen(listener_, 16) != 0
      || ::getsockname(listener_, plain, &size) != 0)
    throw std::runtime_error{"no port to listen on"};
  stop_blocking(listener_);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

link_relay::~link_relay() {
  running_ = false;
  thread_.join();
  for (const auto& each : wires_)
    close_both(each);
  ::close(listener_);
}

void link_relay::run() {
  while (running_) {
    std::vector<pollfd> ready{{listener_, POLLIN, 0}};
    for (const auto& each : wires_)
      for (const auto* way : {&each.there, &each.back})
        ready.push_back(way->waiting.empty() ? pollfd{way->from, POLLIN, 0}
                                             : pollfd{way->to, POLLOUT, 0});
    ::poll(ready.data(), ready.size(), look_again_ms);
    take_new();
    for (auto i = wires_.begin(); i != wires_.end();) {
      if (whole_ && carry(i->there) && carry(i->back)) {
        ++i;
        continue;
      }
      close_both(*i);
      i = wires_.erase(i);
    }
  }
}

void link_relay::take_new() {
  auto from = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (from < 0)
    return;
  auto to = open_socket();
  auto address = loopback(target_);
  // On loopback it is connected or refused at once.
  if (!whole_ || target_ == 0
      || ::connect(to, reinterpret_cast<sockaddr*>(&address), sizeof address)
           != 0) {
    ::close(from);
    ::close(to);
    return;
  }
  stop_blocking(from);
  stop_blocking(to);
  wires_.push_back({{from, to}, {to, from}});
}

/// Returns false at the end of the connection.
bool link_relay::carry(half& of) {
  if (of.waiting.empty()) {
    std::array<char, 16'384> room{};
    auto got = ::recv(of.from, room.data(), room.size(), 0);
    if (got == 0 || (got < 0 && !would_block()))
      return false;
    of.waiting.assign(room.data(), got > 0 ? static_cast<size_t>(got) : 0);
  }
  if (of.waiting.empty())
    return true;
  auto put = ::send(of.to, of.waiting.data(), of.waiting.size(), MSG_NOSIGNAL);
  if (put < 0)
    return would_block();
  of.waiting.erase(0, static_cast<size_t>(put));
  return true;
}

void link_relay::close_both(const wire& what) {
  ::close(what.there.from);
  ::close(what.there.to);
}

} // namespace test
