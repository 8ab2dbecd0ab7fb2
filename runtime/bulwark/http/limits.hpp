#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>

namespace bulwark {

/// The bounds of an HTTP server: what a client can make it hold, and for how
/// long.
///
/// Immutable after construction.
struct http_limits {
  /// Open connections. One beyond it takes the place of the one that has been
  /// idle for the longest, or else has been sending a request for the longest;
  /// when all have a request in flight, it is answered 503 and closed. So a
  /// client that holds all connections and asks nothing keeps nobody out.
  ///
  /// A server takes fewer where the process may not have so many descriptors
  /// open, beside those that a node keeps for itself.
  size_t connections_max = 1024;

  /// Requests that were given to the handler and are not answered yet, also
  /// those whose client is gone. One beyond it is answered 503, unless
  /// `http_hooks::exempt` says otherwise. To be below `connections_max`, so
  /// that there are connections left to be refused by.
  size_t requests_max = 512;

  /// Bytes of the request line and all header fields. Beyond: 414 or 431. As
  /// many again may come as extensions and trailers of a chunked body.
  size_t header_max = 8 * 1024;

  /// Bytes of the body, also of a chunked one. Beyond: 413.
  size_t body_max = 64 * 1024;

  /// From the first byte of a request, or from the connection's start, to the
  /// last byte of its body. Then: 408 where a part of a request had come, and
  /// the connection is closed.
  duration read_timeout = std::chrono::seconds{10};

  /// From one answer to the first byte of the next request. Then the
  /// connection is closed.
  duration idle_timeout = std::chrono::seconds{30};

  /// From the whole request to the handler's answer. Then the server answers
  /// 503 in its place and closes the connection; the request counts in
  /// `requests_max` until the handler has let go of it. 0: as long as it takes.
  duration answer_timeout = duration::zero();

  /// For one answer to leave. Then the connection is closed.
  duration write_timeout = std::chrono::seconds{10};

  /// For up to 16 KiB of a streamed answer to leave. Then the connection is
  /// closed.
  duration stream_timeout = std::chrono::seconds{10};

  friend bool operator==(const http_limits&, const http_limits&) = default;
};

} // namespace bulwark
