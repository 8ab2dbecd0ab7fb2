#pragma once

#include <bulwark/http/limits.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace bulwark {

/// An HTTP/1.1 server with one thread and bounds on everything a client can
/// do: see `http_limits`. Keep-alive, chunked bodies and `Expect:
/// 100-continue` work; a connection carries one request at a time. What RFC
/// 9112 does not allow is refused, and the connection closed: see
/// detail/request_head.hpp.
///
/// `listen` takes the port, `start` begins to serve; what connects in between
/// waits.
///
/// Confined to one thread, which is not the server's own; the responders that
/// it hands out are not.
class http_server {
public:
  http_server(http_limits limits, http_handler handler, http_hooks hooks = {});

  /// Stops without grace.
  ~http_server();

  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Binds to the first address of `host` and returns the port; port 0 lets
  /// the system choose one.
  /// @throws listen_error which names host, port and cause.
  uint16_t listen(const std::string& host, uint16_t port);

  /// Starts the thread that serves.
  /// @pre `listen` returned, `start` was not called before.
  void start();

  /// From now on every answer closes its connection, so that clients go
  /// elsewhere before the server stops. New connections are served.
  void drain();

  /// Takes no new connection or request, waits up to `grace` for those in
  /// flight to be answered, closes every connection and ends the thread.
  /// Requests still in flight then may be answered later, to no effect.
  void stop(duration grace = duration::zero());

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace bulwark
