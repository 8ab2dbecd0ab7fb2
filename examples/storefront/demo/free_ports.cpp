#include "demo/free_ports.hpp"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace storefront {

namespace {

/// Holds a port until all are chosen.
class held_port {
public:
  held_port() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* generic = reinterpret_cast<sockaddr*>(&address_);
    if (fd_ < 0 || bind(fd_, generic, size) != 0
        || getsockname(fd_, generic, &size) != 0)
      throw std::system_error(errno, std::generic_category(), "free port");
  }

  ~held_port() { close(fd_); }
  held_port(const held_port&) = delete;
  held_port& operator=(const held_port&) = delete;

  uint16_t number() const { return ntohs(address_.sin_port); }

private:
  int fd_;
  sockaddr_in address_{};
};

} // namespace

std::vector<uint16_t> free_ports(size_t count) {
  std::vector<held_port> held(count);
  std::vector<uint16_t> result;
  for (auto& each : held)
    result.push_back(each.number());
  return result;
}

} // namespace storefront
