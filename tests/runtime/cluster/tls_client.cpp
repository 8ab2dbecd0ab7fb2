#include "runtime/cluster/tls_client.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace test {

void tls_client::release::operator()(SSL* what) const noexcept {
  SSL_free(what);
}

tls_client::tls_client(uint16_t port, const bulwark::tls_options& with)
  : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port);
  REQUIRE(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to)
          == 0);
  timeval patience{20, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof patience);
  auto* context = SSL_CTX_new(TLS_client_method());
  if (with.given()) {
    REQUIRE(
      SSL_CTX_use_certificate_chain_file(context, with.certificate.c_str())
      == 1);
    REQUIRE(
      SSL_CTX_use_PrivateKey_file(context, with.key.c_str(), SSL_FILETYPE_PEM)
      == 1);
  }
  tls_.reset(SSL_new(context));
  SSL_CTX_free(context);
  SSL_set_fd(tls_.get(), socket_.get());
  SSL_connect(tls_.get());
}

tls_client::~tls_client() {
  ERR_clear_error();
}

void tls_client::send(const std::string& bytes) {
  ERR_clear_error();
  SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

bool tls_client::closed() {
  std::array<char, 4096> bytes{};
  auto got = 0;
  do {
    ERR_clear_error();
    errno = 0;
    got = SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
  } while (got > 0);
  return errno != EAGAIN;
}

bool tls_client::receives(size_t count) {
  std::string bytes(count, '\0');
  size_t have = 0;
  while (have < count) {
    ERR_clear_error();
    auto got =
      SSL_read(tls_.get(), bytes.data() + have, static_cast<int>(count - have));
    if (got <= 0)
      return false;
    have += static_cast<size_t>(got);
  }
  return true;
}

} // namespace test
