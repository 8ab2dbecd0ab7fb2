#pragma once

#include <bulwark/http/client.hpp>
#include <bulwark/http/detail/blocking_socket.hpp>
#include <bulwark/http/detail/reply_reader.hpp>
#include <bulwark/http/server.hpp>

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace bulwark::test {

inline constexpr duration patience = std::chrono::seconds{10};

inline time_point now() {
  return std::chrono::steady_clock::now();
}

inline time_point soon() {
  return now() + patience;
}

/// A server on a port of the system's choice, and ways to talk to it.
struct running_server {
  explicit running_server(http_handler handler, http_limits limits = {},
                          http_hooks hooks = {})
    : server(limits, std::move(handler), std::move(hooks)),
      port(server.listen("127.0.0.1", 0)) {
    server.start();
  }

  http_client client() const { return {"127.0.0.1", port}; }

  http_server server;
  uint16_t port;
};

/// A connection that sends what it is told, byte by byte if need be.
struct raw_client {
  explicit raw_client(const running_server& to) : raw_client(to.port) {}

  explicit raw_client(uint16_t port)
    : socket("127.0.0.1", port, soon()), reader(socket) {}

  void send(std::string_view bytes) { socket.send(bytes, soon()); }

  http_reply reply() { return reader.next(soon()); }

  /// Returns the head of an answer that has no body, as to HEAD.
  http_reply head() {
    std::string text;
    char next = 0;
    while (!text.ends_with("\r\n\r\n")) {
      if (socket.receive({&next, 1}, soon()) == 0)
        throw http_error(http_failure::cut, "closed");
      text += next;
    }
    return detail::parse_reply_header(text.substr(0, text.size() - 4));
  }

  /// Returns all that comes until the server has closed.
  std::string everything() {
    std::string text;
    std::array<char, 4096> piece{};
    try {
      while (auto came = socket.receive(piece, soon()))
        text.append(piece.data(), came);
    } catch (const http_error& e) {
      // A reset ends a connection as well.
      if (e.cause() != http_failure::cut)
        throw;
    }
    return text;
  }

  /// Waits until the server has closed; fails when anything else comes.
  bool closed() {
    char next = 0;
    try {
      return socket.receive({&next, 1}, soon()) == 0;
    } catch (const http_error& e) {
      return e.cause() == http_failure::cut;
    }
  }

  detail::blocking_socket socket;
  detail::reply_reader reader;
};

/// A handler that keeps the responders, and lets the test wait for them.
class kept_requests {
public:
  http_handler handler() {
    return [this](http_request, http_responder respond) {
      std::lock_guard guard{mutex_};
      kept_.push_back(std::move(respond));
      changed_.notify_all();
    };
  }

  /// Takes out the oldest, waiting for it.
  http_responder take() {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, patience, [this] { return !kept_.empty(); }))
      throw std::runtime_error("no request came");
    auto first = std::move(kept_.front());
    kept_.erase(kept_.begin());
    return first;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http_responder> kept_;
};

/// Answers with method, path, query, body and request id, a line each.
inline void echo(const http_request& request, const http_responder& respond) {
  respond({.body = request.method + "\n" + request.path + "\n" + request.query
                   + "\n" + request.body + "\n" + request.request_id,
           .content_type = "text/plain"});
}

} // namespace bulwark::test
