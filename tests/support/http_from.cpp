#include "support/http_from.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace test {

namespace {

void check(bool good, const char* what) {
  if (!good)
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in endpoint(const std::string& address, uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  check(inet_pton(AF_INET, address.c_str(), &result.sin_addr) == 1, "address");
  return result;
}

void connect(int fd, const std::string& address, uint16_t port) {
  timeval patience{20, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  auto from = endpoint(address, 0);
  auto to = endpoint("127.0.0.1", port);
  check(bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0, "bind");
  check(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0,
        "connect");
}

} // namespace

request_from::request_from(const std::string& address, uint16_t port,
                           const std::string& method, const std::string& target,
                           const std::string& body)
  : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  check(fd_ >= 0, "socket");
  try {
    connect(fd_, address, port);
    auto text = method + " " + target
                + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  "Content-Length: "
                + std::to_string(body.size()) + "\r\n\r\n" + body;
    check(send(fd_, text.data(), text.size(), MSG_NOSIGNAL)
            == static_cast<ssize_t>(text.size()),
          "send");
  } catch (...) {
    close(fd_);
    throw;
  }
}

request_from::~request_from() {
  close(fd_);
}

http_answer request_from::answer() {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t came = 1; came > 0;) {
    came = recv(fd_, piece.data(), piece.size(), 0);
    check(came >= 0, "receive");
    text.append(piece.data(), static_cast<size_t>(came));
  }
  auto end = text.find("\r\n\r\n");
  auto space = text.find(' ');
  if (end == std::string::npos || space > end)
    return {0, text, ""};
  return {std::atoi(text.c_str() + space), text.substr(0, end),
          text.substr(end + 4)};
}

http_answer http_from(const std::string& address, uint16_t port,
                      const std::string& method, const std::string& target,
                      const std::string& body) {
  return request_from{address, port, method, target, body}.answer();
}

} // namespace test
