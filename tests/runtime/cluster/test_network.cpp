#include "runtime/cluster/test_network.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

namespace {

/// How soon a cut that was healed is noticed.
constexpr int network_look_ms = 5;

/// Where CAF's handshake has the number of the process: after the header (32)
/// and the kind of the node's id (8).
constexpr size_t process_at = 40;
constexpr size_t process_end = 44;

/// So much is held for one who has not said who it is, or whose way is cut.
constexpr size_t held_max = 64 * 1024;

sockaddr_in loopback_at(uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  result.sin_port = htons(port);
  return result;
}

int plain_socket() {
  return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void never_block(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

bool only_waits() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

test_network::test_network() : thread_([this] { run(); }) {}

test_network::~test_network() {
  running_ = false;
  thread_.join();
  for (const auto& each : connections_)
    close_both(each);
  for (const auto& each : listeners_)
    ::close(each.fd);
}

uint16_t test_network::open(const std::string& node) {
  auto fd = plain_socket();
  auto address = loopback_at(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, plain, size) != 0 || ::listen(fd, 64) != 0
      || ::getsockname(fd, plain, &size) != 0)
    throw std::runtime_error{"no port to listen on"};
  never_block(fd);
  std::lock_guard guard{lock_};
  listeners_.push_back({fd, node});
  return ntohs(address.sin_port);
}

void test_network::starts(const std::string& node, pid_t process) {
  std::lock_guard guard{lock_};
  names_[process] = node;
}

void test_network::listens(const std::string& node, uint16_t port) {
  std::lock_guard guard{lock_};
  ports_[node] = port;
  // The newest one is the last.
  bool newest = true;
  for (auto it = listeners_.rbegin(); it != listeners_.rend(); ++it) {
    if (it->node != node || std::exchange(newest, false))
      continue;
    ::close(it->fd);
    it->node.clear();
  }
  std::erase_if(listeners_, [](const auto& each) { return each.node.empty(); });
}

void test_network::cut(const std::string& from, const std::string& to) {
  std::lock_guard guard{lock_};
  cuts_.emplace(from, to);
}

void test_network::heal(const std::string& from, const std::string& to) {
  std::lock_guard guard{lock_};
  cuts_.erase({from, to});
}

void test_network::heal_all() {
  std::lock_guard guard{lock_};
  cuts_.clear();
}

void test_network::reset(const std::string& one, const std::string& other) {
  std::lock_guard guard{lock_};
  for (auto it = connections_.begin(); it != connections_.end();) {
    auto between = (it->dialer == one && it->server == other)
                   || (it->dialer == other && it->server == one);
    if (between)
      close_both(*it);
    it = between ? connections_.erase(it) : std::next(it);
  }
}

void test_network::run() {
  while (running_) {
    std::vector<pollfd> ready;
    {
      std::lock_guard guard{lock_};
      for (const auto& each : listeners_)
        ready.push_back({each.fd, POLLIN, 0});
      for (const auto& each : connections_)
        for (const auto* one : {&each.there, &each.back})
          if (one->waiting.empty())
            ready.push_back({one->from, POLLIN, 0});
    }
    ::poll(ready.data(), ready.size(), network_look_ms);
    std::lock_guard guard{lock_};
    for (const auto& each : listeners_)
      take_new(each);
    for (auto it = connections_.begin(); it != connections_.end();) {
      auto open = carry(*it);
      if (!open)
        close_both(*it);
      it = open ? std::next(it) : connections_.erase(it);
    }
  }
}

void test_network::take_new(const listener& at) {
  auto from = ::accept4(at.fd, nullptr, nullptr, SOCK_CLOEXEC);
  if (from < 0)
    return;
  auto to = plain_socket();
  auto address = loopback_at(ports_[at.node]);
  // On loopback it is connected or refused at once.
  if (ports_[at.node] == 0
      || ::connect(to, reinterpret_cast<sockaddr*>(&address), sizeof address)
           != 0) {
    ::close(from);
    ::close(to);
    return;
  }
  never_block(from);
  never_block(to);
  connections_.push_back({{}, at.node, {from, to}, {to, from}});
}

void test_network::name_dialer(connection& of) {
  const auto& text = of.there.waiting;
  if (!of.dialer.empty() || text.size() < process_end)
    return;
  uint32_t process = 0;
  for (auto i = process_at; i < process_end; ++i)
    process = process << 8 | static_cast<unsigned char>(text[i]);
  auto known = names_.find(static_cast<pid_t>(process));
  of.dialer = known == names_.end() ? "?" : known->second;
}

bool test_network::held(const std::string& from, const std::string& to) const {
  return cuts_.count({from, to}) != 0;
}

/// What the server says first is what the dialer answers to.
bool test_network::carry(connection& of) {
  auto open = carry(of.there, false);
  name_dialer(of);
  auto known = !of.dialer.empty();
  return open && carry(of.there, known && !held(of.dialer, of.server))
         && carry(of.back, !known || !held(of.server, of.dialer));
}

/// Returns false at the end of the connection.
bool test_network::carry(way& of, bool deliver) {
  std::array<char, 16'384> room{};
  // What is held is not read, so that the sender sees that nothing goes.
  if (of.waiting.size() < (deliver ? held_max : process_end)) {
    auto got = ::recv(of.from, room.data(), room.size(), 0);
    if (got == 0 || (got < 0 && !only_waits()))
      return false;
    if (got > 0)
      of.waiting.append(room.data(), static_cast<size_t>(got));
  }
  if (!deliver || of.waiting.empty())
    return true;
  auto put = ::send(of.to, of.waiting.data(), of.waiting.size(), MSG_NOSIGNAL);
  if (put < 0)
    return only_waits();
  of.waiting.erase(0, static_cast<size_t>(put));
  return true;
}

void test_network::close_both(const connection& what) {
  ::close(what.there.from);
  ::close(what.there.to);
}

} // namespace test
