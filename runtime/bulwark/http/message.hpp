#pragma once

#include <bulwark/http/fields.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

class http_stream;

/// One request, complete and within the server's limits.
struct http_request {
  /// As sent: "GET", "POST", ...
  std::string method = {};

  /// The target up to the first '?', as sent, without scheme and host. It
  /// begins with '/', or is "*" in an OPTIONS request.
  std::string path = {};

  /// The target after the first '?', as sent; see `query_value`.
  std::string query = {};

  std::string body = {};

  /// The field `X-Request-Id`, or empty.
  std::string request_id = {};

  /// The numeric address that the connection comes from, without a port; IPv4
  /// also where the server listens on IPv6. Behind a proxy it is the proxy's:
  /// what a header says of others (`X-Forwarded-For`) is not looked at, since
  /// anybody can send one. See `client_key` for rates of clients.
  std::string client_address = {};

  /// The header's fields as sent, in order; what stands around a value is cut
  /// off, and trailers are no fields. All together, with the request line, they
  /// are within `http_limits::header_max`.
  http_fields fields = {};

  /// Returns the value of the first field `name`, in whatever case its letters
  /// are; nothing where there is none.
  std::optional<std::string_view> field(std::string_view name) const noexcept;
};

/// One answer. Its status is within 200 and 599 and its fields have no control
/// characters; else the client gets a 500. 204 and 304 have no body.
struct http_response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";

  /// Seconds, sent as `Retry-After`.
  std::optional<unsigned> retry_after = std::nullopt;

  /// Methods with commas between them, sent as `Allow`: HTTP wants them in
  /// every 405.
  std::string allow = {};

  /// Further fields, as they are: none of those above, nor what the server
  /// writes by itself, such as `Content-Length` and `Connection`.
  http_fields fields = {};

  /// Where what follows the head comes from, bit by bit, until it ends; the
  /// connection ends with it. Null: `body` is all.
  std::shared_ptr<http_stream> stream = nullptr;
};

/// Answers one request. The first call counts, later ones have no effect;
/// when the last copy goes without a call, the answer is 500. Never blocks.
///
/// Safe to call from any thread, also after the server is gone.
using http_responder = std::function<void(http_response)>;

/// Takes one request. Runs on the server's thread, so it must not block; it
/// may answer at once or keep the responder. An exception is answered 500.
using http_handler = std::function<void(http_request, http_responder)>;

/// Writes the body of an answer that a server gives by itself: of 400, 408,
/// 413, 414, 417, 431, 501, 505, and of 500 and 503 where the handler does not
/// answer. `path` is empty when it did not arrive. Runs on any thread.
using http_error_body = std::function<std::string(
  int status, std::string_view text, std::string_view path)>;

/// Returns `{"error":"<text>"}`. @pre `text` needs no escapes
std::string plain_error_body(int status, std::string_view text,
                             std::string_view path);

/// What a program may add to a server.
///
/// Immutable after construction.
struct http_hooks {
  http_error_body errors = plain_error_body;

  /// Whether a request is handled even when `http_limits::requests_max` are in
  /// flight: pages that say how the program is doing, and that are answered at
  /// once. Runs on the server's thread. Empty: none is.
  std::function<bool(const http_request&)> exempt = {};

  /// Told, for the log, of answers and handlers that failed and of why no
  /// connection can be taken, at most once in a second. Runs on the server's
  /// thread and must not block. Empty: nobody is told.
  std::function<void(const std::string& what)> report = {};
};

/// Returns the value of `name` in a query such as "a=1&b=x%20y", with %XX and
/// '+' decoded; nothing when the name is absent or its value is malformed.
std::optional<std::string> query_value(std::string_view query,
                                       std::string_view name);

} // namespace bulwark
