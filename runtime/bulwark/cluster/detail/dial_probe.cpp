#include <bulwark/cluster/detail/dial_probe.hpp>

#include <netdb.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

using outcome = dial_probe::outcome;

/// Returns 0, or the number of the error with which nobody accepted.
int try_connect(const addrinfo& where) {
  auto fd =
    ::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  auto failure = 0;
  if (::connect(fd, where.ai_addr, where.ai_addrlen) != 0)
    failure = errno;
  if (failure == EINPROGRESS) {
    auto end = std::chrono::steady_clock::now() + dial_probe::answer_time;
    pollfd target{fd, POLLOUT, 0};
    auto ready = 0;
    do {
      using std::chrono::milliseconds;
      auto left =
        std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
      ready = ::poll(&target, 1, std::max(0, static_cast<int>(left.count())));
    } while (ready < 0 && errno == EINTR);
    socklen_t size = sizeof failure;
    if (ready <= 0)
      failure = ETIMEDOUT;
    else if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
      failure = errno;
  }
  ::close(fd);
  return failure;
}

std::string numeric(const addrinfo& where) {
  std::array<char, NI_MAXHOST> text{};
  auto failed = ::getnameinfo(where.ai_addr, where.ai_addrlen, text.data(),
                              text.size(), nullptr, 0, NI_NUMERICHOST);
  return failed == 0 ? text.data() : "";
}

outcome look(const host_port& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  auto port = std::to_string(address.port);
  if (auto failed =
        ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found))
    return {{},
            std::string{"the host is not found: "} + ::gai_strerror(failed)};
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all{found,
                                                           &::freeaddrinfo};
  auto failure = EHOSTUNREACH;
  size_t tried = 0;
  for (auto* each = found; each != nullptr && tried < dial_probe::addresses_max;
       each = each->ai_next, ++tried) {
    failure = try_connect(*each);
    if (failure == 0)
      return {numeric(*each), {}};
  }
  if (failure == ETIMEDOUT)
    return {{},
            "nobody answered within "
              + std::to_string(dial_probe::answer_time.count()) + "ms"};
  return {{}, std::generic_category().message(failure)};
}

} // namespace

struct dial_probe::shared {
  outcome what;
  std::atomic<bool> done{false};
};

dial_probe::dial_probe(const host_port& address)
  : shared_(std::make_shared<shared>()) {
  try {
    std::thread{[mine = shared_, address] {
      try {
        mine->what = look(address);
      } catch (const std::exception& e) {
        mine->what.failure = e.what();
      }
      mine->done.store(true, std::memory_order_release);
    }}.detach();
  } catch (const std::system_error& e) {
    shared_->what.failure = std::string{"no thread to dial: "} + e.what();
    shared_->done.store(true, std::memory_order_release);
  }
}

std::optional<outcome> dial_probe::result() const {
  if (!shared_->done.load(std::memory_order_acquire))
    return std::nullopt;
  return shared_->what;
}

} // namespace bulwark::detail
