#pragma once

#include <bulwark/http/client.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulwark::test {

/// Sent again and again without a pause.
inline constexpr std::chrono::milliseconds forever{0};

/// A server that answers whatever comes by the same bytes, and may go on by
/// others until the client has had enough. Serves one connection at a time.
class scripted_server {
public:
  explicit scripted_server(std::string answer)
    : scripted_server(std::move(answer), "", forever) {}

  /// Repeats the answer without end.
  scripted_server(const std::string& answer, std::chrono::milliseconds)
    : scripted_server(answer, answer, forever) {}

  scripted_server(std::string answer, std::string more,
                  std::chrono::milliseconds pause)
    : answer_(std::move(answer)), more_(std::move(more)), pause_(pause) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<sockaddr*>(&where);
    socklen_t size = sizeof where;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, 8) != 0
        || ::getsockname(listener_, address, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(where.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }

  ~scripted_server() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }

  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  http_client client() const { return {"127.0.0.1", port_}; }

  uint16_t port() const { return port_; }

  /// What clients have sent so far.
  std::string received() const {
    std::lock_guard guard{lock_};
    return received_;
  }

  /// How many connections there were.
  int connections() const { return connections_; }

private:
  static bool readable(int fd) {
    pollfd entry{fd, POLLIN, 0};
    return ::poll(&entry, 1, 10) > 0;
  }

  bool send(int fd, const std::string& bytes) const {
    return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL)
           == static_cast<ssize_t>(bytes.size());
  }

  void run() {
    while (!stop_) {
      if (!readable(listener_))
        continue;
      int fd = ::accept(listener_, nullptr, nullptr);
      ++connections_;
      serve(fd);
      ::close(fd);
    }
  }

  void serve(int fd) {
    char bytes[4096];
    while (!stop_) {
      // A client that waits for nothing more may open another connection.
      if (readable(listener_))
        return;
      if (!readable(fd))
        continue;
      auto count = ::recv(fd, bytes, sizeof bytes, 0);
      if (count <= 0)
        return;
      {
        std::lock_guard guard{lock_};
        received_.append(bytes, static_cast<size_t>(count));
      }
      if (!send(fd, answer_))
        return;
      while (!more_.empty() && !stop_) {
        if (!send(fd, more_))
          return;
        ::poll(nullptr, 0, static_cast<int>(pause_.count()));
      }
    }
  }

  std::string answer_;
  std::string more_;
  std::chrono::milliseconds pause_;
  int listener_ = -1;
  uint16_t port_ = 0;
  mutable std::mutex lock_;
  std::string received_;
  std::atomic<int> connections_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

} // namespace bulwark::test
