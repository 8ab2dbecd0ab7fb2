#pragma once

#include <bulwark/http/fields.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bulwark {

/// Why a request over HTTP has no answer.
enum class http_failure {
  /// No connection: nobody listens, or the name is unknown.
  refused,
  /// The connection ended before the answer was complete.
  cut,
  timed_out,
  /// The answer is not HTTP, or beyond the client's limits; or the request
  /// would not be, and was not sent.
  malformed,
};

/// Thrown by `http_client`.
///
/// Immutable after construction.
class http_error : public std::runtime_error {
public:
  http_error(http_failure cause, const std::string& text)
    : std::runtime_error(text), cause_(cause) {}

  http_failure cause() const noexcept { return cause_; }

private:
  http_failure cause_;
};

/// An answer as it came.
struct http_reply {
  int status = 0;

  /// In the order they came, names in lower case.
  http_fields fields;

  std::string body;

  /// Returns the value of the field `name` (in lower case), or "".
  std::string_view field(std::string_view name) const;
};

/// A small HTTP/1.1 client that blocks its thread, for services declared
/// `blocking()`, for tools and tests. One request at a time over one
/// connection, which is opened when needed and kept. An answer needs one
/// `Content-Length` or ends with the connection, unless it has no body: those
/// to HEAD, 204 and 304. Its header may have 16 KiB, its body 1 MiB, and 16
/// interim answers (100 to 199) may come before it.
///
/// Confined to one thread.
class http_client {
public:
  /// Once `give_up` is true, which another thread may see to, a request that
  /// runs has timed out, within 20 ms. It must outlive the client; null: it
  /// never is.
  http_client(std::string host, uint16_t port,
              const std::atomic<bool>* give_up = nullptr);
  ~http_client();
  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) noexcept;

  /// Sends one request and returns its answer. `timeout` covers everything
  /// but the look-up of the host's name; a longer one than a year is a year,
  /// and nothing or less has passed at once. A kept connection that the server
  /// has closed meanwhile is replaced before anything is sent.
  /// @throws http_error; the connection is then closed.
  http_reply request(std::string_view method, std::string_view target,
                     std::string_view body, duration timeout,
                     const http_fields& fields = {});

private:
  std::string host_;
  uint16_t port_;
  const std::atomic<bool>* give_up_;
  struct connection;
  std::unique_ptr<connection> connection_;
};

} // namespace bulwark
