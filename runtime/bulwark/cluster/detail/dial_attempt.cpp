#include <bulwark/cluster/detail/dial_attempt.hpp>

#include <netdb.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace bulwark::detail {

namespace {

using outcome = dial_attempt::outcome;

/// Returns 0 when the address accepts, or the number of the error.
int await(const descriptor& socket) {
  auto end = std::chrono::steady_clock::now() + dial_attempt::answer_time;
  pollfd target{socket.get(), POLLOUT, 0};
  auto ready = 0;
  do {
    using std::chrono::milliseconds;
    auto left =
      std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    ready = ::poll(&target, 1, std::max(0, static_cast<int>(left.count())));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return ETIMEDOUT;
  auto failure = 0;
  socklen_t size = sizeof failure;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
    return errno;
  return failure;
}

/// Returns 0 and the connection, or the number of the error with which nobody
/// accepted.
int try_connect(const addrinfo& where, descriptor& connection) {
  descriptor socket{
    ::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket)
    return errno;
  auto failure = 0;
  if (::connect(socket.get(), where.ai_addr, where.ai_addrlen) != 0)
    failure = errno == EINPROGRESS ? await(socket) : errno;
  if (failure == 0)
    connection = std::move(socket);
  return failure;
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
  for (auto* each = found;
       each != nullptr && tried < dial_attempt::addresses_max;
       each = each->ai_next, ++tried) {
    outcome result;
    failure = try_connect(*each, result.connection);
    if (failure == 0)
      return result;
  }
  if (failure == ETIMEDOUT)
    return {{},
            "nobody answered within "
              + std::to_string(dial_attempt::answer_time.count()) + "ms"};
  return {{}, std::generic_category().message(failure)};
}

} // namespace

struct dial_attempt::shared {
  outcome what;
  std::atomic<bool> done{false};
};

dial_attempt::dial_attempt(const host_port& address)
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

std::optional<outcome> dial_attempt::take() {
  if (!shared_->done.load(std::memory_order_acquire))
    return std::nullopt;
  return std::move(shared_->what);
}

} // namespace bulwark::detail
