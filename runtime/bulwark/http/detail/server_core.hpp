#pragma once

#include <bulwark/http/limits.hpp>
#include <bulwark/http/message.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <unordered_set>

namespace bulwark::detail {

class session;

/// What a server, its sessions and its exchanges share. It outlives the
/// server for as long as somebody holds a responder; then its `io` no longer
/// runs and what is posted to it is dropped.
///
/// Confined to the server's thread, except `io` and `in_flight`.
struct server_core : std::enable_shared_from_this<server_core> {
  server_core(http_limits bounds, http_handler handle, http_error_body write)
    : limits(bounds), handler(std::move(handle)), errors(std::move(write)) {}

  /// An answer of the server itself. Safe to call from any thread.
  http_response refuse(int status, std::string_view text,
                       std::string_view path) const {
    return {.status = status, .body = errors(status, text, path)};
  }

  const http_limits limits;
  const http_handler handler;
  const http_error_body errors;
  std::atomic<size_t> in_flight{0};
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};

  /// Pause after a failed accept; later on, the grace of `stop`.
  boost::asio::steady_timer timer{io};

  std::unordered_set<std::shared_ptr<session>> sessions;
  bool stopping = false;
};

} // namespace bulwark::detail
