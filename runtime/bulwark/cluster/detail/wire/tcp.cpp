#include <bulwark/cluster/detail/wire/tcp.hpp>
#include <bulwark/options/listen_error.hpp>

#include <netdb.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace bulwark::detail {

namespace {

using kind = transfer::kind;

transfer result_of(ssize_t count) noexcept {
  if (count > 0)
    return {kind::done, static_cast<size_t>(count), 0};
  if (count == 0)
    return {kind::closed, 0, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return {kind::again, 0, 0};
  return {kind::failed, 0, errno};
}

/// Returns 0, or the number of the error.
int try_listen(const addrinfo& at, descriptor& result) {
  descriptor socket{
    ::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket)
    return errno;
  int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // `::` takes IPv4 too.
  int off = 0;
  if (at.ai_family == AF_INET6)
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket.get(), at.ai_addr, at.ai_addrlen) != 0
      || ::listen(socket.get(), SOMAXCONN) != 0)
    return errno;
  result = std::move(socket);
  return 0;
}

} // namespace

transfer receive_some(int fd, std::span<char> into) noexcept {
  return result_of(::recv(fd, into.data(), into.size(), 0));
}

transfer send_some(int fd, std::string_view bytes) noexcept {
  return result_of(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

duration silence_of(int fd) noexcept {
  tcp_info about{};
  socklen_t size = sizeof about;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &about, &size) != 0)
    return duration{0};
  return std::chrono::milliseconds{about.tcpi_last_data_recv};
}

descriptor listen_at(const host_port& where) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  auto prefix = "cannot listen on " + to_string(where) + ": ";
  auto port = std::to_string(where.port);
  if (auto failed =
        ::getaddrinfo(where.host.c_str(), port.c_str(), &hints, &found))
    throw listen_error{prefix + ::gai_strerror(failed)};
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all{found,
                                                           &::freeaddrinfo};
  auto failure = EADDRNOTAVAIL;
  descriptor result;
  for (auto* each = found; each != nullptr; each = each->ai_next) {
    failure = try_listen(*each, result);
    if (failure == 0)
      return result;
  }
  throw listen_error{prefix + std::generic_category().message(failure)};
}

uint16_t port_of(int fd) noexcept {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    return 0;
  return ntohs(at.ss_family == AF_INET6
                 ? reinterpret_cast<sockaddr_in6&>(at).sin6_port
                 : reinterpret_cast<sockaddr_in&>(at).sin_port);
}

host_port remote_of(int fd) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  auto* plain = reinterpret_cast<sockaddr*>(&at);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getpeername(fd, plain, &size) != 0
      || ::getnameinfo(plain, size, host.data(), host.size(), port.data(),
                       port.size(), NI_NUMERICHOST | NI_NUMERICSERV)
           != 0)
    return {};
  return {host.data(), static_cast<uint16_t>(std::stoi(port.data()))};
}

} // namespace bulwark::detail
