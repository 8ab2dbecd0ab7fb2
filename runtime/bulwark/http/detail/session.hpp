#pragma once

#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <tuple>

namespace bulwark::detail {

struct server_core;

/// How a connection stands that has no request in flight. The lesser it is,
/// the less is lost when it is closed.
///
/// Immutable after construction.
struct connection_standing {
  /// Whether a part of a request has come.
  bool mid_request = false;

  /// When it began to wait for what it waits for.
  time_point since = {};

  friend bool operator<(const connection_standing& one,
                        const connection_standing& other) {
    return std::tie(one.mid_request, one.since)
           < std::tie(other.mid_request, other.since);
  }
};

/// One connection: reads a request, hands it to the handler, writes the
/// answer, and again. Every wait has a deadline.
///
/// Confined to the server's thread.
class session : public std::enable_shared_from_this<session> {
public:
  virtual ~session() = default;

  /// Writes the answer to the request that was handed out.
  virtual void respond(http_response response) = 0;

  /// Returns nothing while a request is in flight or its answer is written.
  virtual std::optional<connection_standing> standing() const = 0;

  /// Closes now if no request is in flight, else after its answer.
  virtual void finish() = 0;

  /// Closes now.
  virtual void close() = 0;
};

/// Serves `socket` until it is closed; `core.sessions` hold it so long.
/// `client` is the address at its other end.
void start_session(server_core& core, boost::asio::ip::tcp::socket socket,
                   const boost::asio::ip::address& client);

} // namespace bulwark::detail
