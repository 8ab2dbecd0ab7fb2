#pragma once

#include <bulwark/http/limits.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <unordered_set>

namespace bulwark::detail {

class session;

/// What a server, its sessions and its exchanges share. It outlives the
/// server for as long as somebody holds a responder; then its `io` no longer
/// runs and what is posted to it is dropped.
///
/// Confined to the server's thread, except `io` and `in_flight`.
struct server_core : std::enable_shared_from_this<server_core> {
  server_core(http_limits bounds, http_handler handle, http_hooks added)
    : limits(bounds), handler(std::move(handle)), hooks(std::move(added)) {}

  /// An answer of the server itself. Safe to call from any thread.
  http_response refuse(int status, std::string_view text,
                       std::string_view path) const {
    return {.status = status, .body = hooks.errors(status, text, path)};
  }

  bool is_exempt(const http_request& request) const {
    return hooks.exempt && hooks.exempt(request);
  }

  /// Tells of a fault, at most once in a second, and how many were not told.
  void report(std::string what) noexcept;

  const http_limits limits;
  const http_handler handler;
  const http_hooks hooks;
  std::atomic<size_t> in_flight{0};
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};

  /// Pause after a failed accept; later on, the grace of `stop`.
  boost::asio::steady_timer timer{io};

  std::unordered_set<std::shared_ptr<session>> sessions;

  /// Whether the next connection is waited for, or the end of a pause.
  bool accepting = false;

  /// Whether every answer closes its connection.
  bool draining = false;
  bool stopping = false;

  /// Faults since the last one that was reported, and until when they are
  /// only counted.
  uint64_t unreported = 0;
  time_point quiet_until = {};
};

} // namespace bulwark::detail
