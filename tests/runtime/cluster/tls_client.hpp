#pragma once

#include <bulwark/options/tls_options.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <cstdint>
#include <memory>
#include <string>

typedef struct ssl_st SSL; // NOLINT(modernize-use-using): as OpenSSL has it

namespace test {

/// A client that writes what it likes to a node's port, over TLS and with any
/// certificate or none.
///
/// Confined to one thread.
class tls_client {
public:
  /// Connects to that port of loopback and shakes hands, as far as the node
  /// lets it. Without files it has no certificate.
  tls_client(uint16_t port, const bulwark::tls_options& with);
  ~tls_client();

  void send(const std::string& bytes);

  /// Whether the other side has closed, or closes within a while. What came
  /// before is thrown away.
  bool closed();

  /// Waits for that many bytes; whether they came.
  bool receives(size_t count);

private:
  struct release {
    void operator()(SSL* what) const noexcept;
  };

  bulwark::detail::descriptor socket_;
  std::unique_ptr<SSL, release> tls_;
};

} // namespace test
