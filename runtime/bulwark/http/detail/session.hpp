#pragma once

#include <bulwark/http/message.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace bulwark::detail {

struct server_core;

/// One connection: reads a request, hands it to the handler, writes the
/// answer, and again. Every wait has a deadline.
///
/// Confined to the server's thread.
class session : public std::enable_shared_from_this<session> {
public:
  virtual ~session() = default;

  /// Writes the answer to the request that was handed out.
  virtual void respond(http_response response) = 0;

  /// Closes now if no request is in flight, else after its answer.
  virtual void finish() = 0;

  /// Closes now.
  virtual void close() = 0;
};

/// Serves `socket` until it is closed; `core.sessions` hold it so long.
void start_session(server_core& core, boost::asio::ip::tcp::socket socket);

} // namespace bulwark::detail
