#pragma once

#include <bulwark/http/detail/refusal.hpp>
#include <bulwark/http/fields.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace bulwark::detail {

/// What a server needs of a request line and its header fields.
///
/// Confined to one thread.
struct request_head {
  std::string method = {};

  /// The target up to the first '?', without scheme and authority.
  std::string path = {};

  /// The target after the first '?'.
  std::string query = {};

  /// The first field `X-Request-Id`, or empty.
  std::string request_id = {};

  /// All fields as sent, their values trimmed.
  http_fields fields = {};

  /// Whether the connection may carry another request after this one.
  bool keep_alive = true;

  /// Whether the client waits for `100 Continue` before it sends the body.
  bool expects_continue = false;

  /// Whether the body comes in chunks; else it has `length` bytes.
  bool chunked = false;

  /// A number that is too large for its type is the type's largest.
  uint64_t length = 0;
};

/// Reads a request line and header fields by RFC 9112, strictly. Whatever two
/// readers might take for bodies of different lengths is refused by 400: any
/// `Transfer-Encoding` but one `chunked` in HTTP/1.1, one beside a
/// `Content-Length`, a second `Content-Length` or one that is not digits, and
/// so are a folded line, a blank before a colon, a target that is not a URI,
/// and in HTTP/1.1 anything but one valid `Host`. Other codings before
/// `chunked` and the method CONNECT are 501, expectations 417, versions other
/// than 1.0 and 1.1 are 505.
///
/// @pre `text` is made of lines that end with CR LF, the empty one that ends
/// the header left out; it has no other control character than tabulators
std::variant<request_head, refusal> parse_request_head(std::string_view text);

} // namespace bulwark::detail
