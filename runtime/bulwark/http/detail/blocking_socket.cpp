#include <bulwark/http/client.hpp>
#include <bulwark/http/detail/blocking_socket.hpp>

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

using clock = std::chrono::steady_clock;

/// How often one that may be given up looks whether it is.
constexpr int64_t look_again = 20;

[[noreturn]] void fail(http_failure cause, const char* what, int code) {
  throw http_error(cause, std::string{what} + ": "
                            + std::generic_category().message(code));
}

using address_list = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

address_list look_up(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto code =
    getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    throw http_error(http_failure::refused,
                     "look up " + host + ": " + gai_strerror(code));
  return {found, &freeaddrinfo};
}

bool would_block(int code) {
  return code == EAGAIN || code == EWOULDBLOCK;
}

} // namespace

blocking_socket::blocking_socket(const std::string& host, uint16_t port,
                                 time_point deadline,
                                 const std::atomic<bool>* give_up)
  : give_up_(give_up) {
  auto address = look_up(host, port);
  fd_ =
    socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    fail(http_failure::refused, "socket", errno);
  try {
    int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd_, address->ai_addr, address->ai_addrlen) == 0)
      return;
    if (errno != EINPROGRESS)
      fail(http_failure::refused, "connect", errno);
    wait_for(POLLOUT, deadline);
    int code = 0;
    socklen_t size = sizeof code;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0)
      fail(http_failure::refused, "connect", code);
  } catch (...) {
    close(fd_);
    throw;
  }
}

blocking_socket::~blocking_socket() {
  close(fd_);
}

void blocking_socket::check(time_point deadline) const {
  if (clock::now() >= deadline || (give_up_ != nullptr && *give_up_))
    throw http_error(http_failure::timed_out, "no answer in time");
}

void blocking_socket::send(std::string_view bytes, time_point deadline) {
  while (!bytes.empty()) {
    check(deadline);
    auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0)
      bytes.remove_prefix(static_cast<size_t>(sent));
    else if (would_block(errno))
      wait_for(POLLOUT, deadline);
    else if (errno != EINTR)
      fail(http_failure::cut, "send", errno);
  }
}

size_t blocking_socket::receive(std::span<char> into, time_point deadline) {
  while (true) {
    check(deadline);
    auto came = recv(fd_, into.data(), into.size(), 0);
    if (came >= 0)
      return static_cast<size_t>(came);
    if (would_block(errno))
      wait_for(POLLIN, deadline);
    else if (errno != EINTR)
      fail(http_failure::cut, "receive", errno);
  }
}

bool blocking_socket::stale() const noexcept {
  pollfd entry{fd_, POLLIN, 0};
  return poll(&entry, 1, 0) != 0;
}

void blocking_socket::wait_for(short what, time_point deadline) const {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  while (true) {
    check(deadline);
    auto left = ceil<milliseconds>(deadline - clock::now()).count();
    pollfd entry{fd_, what, 0};
    auto most = give_up_ == nullptr ? int64_t{60'000} : look_again;
    auto ready =
      poll(&entry, 1, static_cast<int>(std::clamp<int64_t>(left, 0, most)));
    if (ready > 0)
      return;
    if (ready < 0 && errno != EINTR)
      fail(http_failure::cut, "poll", errno);
  }
}

} // namespace bulwark::detail
