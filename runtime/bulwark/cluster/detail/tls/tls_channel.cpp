#include <bulwark/cluster/detail/tls/tls_channel.hpp>
#include <bulwark/cluster/detail/tls/tls_error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <new>
#include <utility>

#include <sys/socket.h>

namespace bulwark::detail {

namespace {

// What the first record of TLS begins with.
constexpr unsigned char handshake_record = 0x16;

// OpenSSL's own socket writes with write(2), which raises SIGPIPE.

int socket_of(BIO* of) {
  return *static_cast<int*>(BIO_get_data(of));
}

int ended(BIO* of, ssize_t count, int retry) {
  BIO_clear_retry_flags(of);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    BIO_set_flags(of, retry | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(count);
}

int bio_write(BIO* of, const char* bytes, int count) {
  return ended(
    of, ::send(socket_of(of), bytes, static_cast<size_t>(count), MSG_NOSIGNAL),
    BIO_FLAGS_WRITE);
}

int bio_read(BIO* of, char* into, int count) {
  auto got = ::recv(socket_of(of), into, static_cast<size_t>(count), 0);
  if (got == 0)
    BIO_set_flags(of, BIO_FLAGS_IN_EOF);
  return ended(of, got, BIO_FLAGS_READ);
}

long bio_control(BIO* of, int what, long, void*) {
  switch (what) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_EOF:
    return BIO_test_flags(of, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  default:
    return 0;
  }
}

const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const result = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                              "bulwark socket");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return result;
}

} // namespace

void tls_channel::release::operator()(SSL* what) const noexcept {
  SSL_free(what);
}

tls_channel::tls_channel(std::shared_ptr<const tls_context> context, int fd,
                         wire_side side)
  : context_(std::move(context)), fd_(fd), side_(side) {
  if (side_ == wire_side::dialled)
    begin();
}

void tls_channel::begin() {
  tls_.reset(SSL_new(context_->get()));
  auto* socket = tls_ ? BIO_new(socket_method()) : nullptr;
  if (socket == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(socket, &fd_);
  BIO_set_init(socket, 1);
  SSL_set_bio(tls_.get(), socket, socket);
  if (side_ == wire_side::accepted)
    SSL_set_accept_state(tls_.get());
  else
    SSL_set_connect_state(tls_.get());
}

transfer tls_channel::await_first_byte() {
  using kind = transfer::kind;
  unsigned char first = 0;
  auto got = ::recv(fd_, &first, 1, MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return {kind::again, 0, 0};
  if (got < 0)
    return {kind::failed, 0, errno};
  if (got == 0)
    return {kind::closed, 0, 0};
  if (first != handshake_record) {
    reason_ = "it does not speak TLS, and this node does";
    return {kind::failed, 0, 0};
  }
  begin();
  return {kind::done, 0, 0};
}

transfer tls_channel::receive(std::span<char> into) {
  if (!tls_)
    if (auto first = await_first_byte(); !tls_)
      return first;
  ERR_clear_error();
  needs_room_ = false;
  auto result =
    result_of(SSL_read(tls_.get(), into.data(), static_cast<int>(into.size())));
  // Of a read, that is the rule.
  needs_bytes_ = false;
  return result;
}

transfer tls_channel::send(std::string_view bytes) {
  if (!tls_) {
    needs_bytes_ = true;
    return {};
  }
  ERR_clear_error();
  needs_bytes_ = false;
  auto result = result_of(
    SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())));
  needs_room_ = false;
  return result;
}

transfer tls_channel::result_of(int code) {
  using kind = transfer::kind;
  if (code > 0)
    return {kind::done, static_cast<size_t>(code), 0};
  auto number = errno;
  switch (SSL_get_error(tls_.get(), code)) {
  case SSL_ERROR_WANT_READ:
    needs_bytes_ = true;
    return {kind::again, 0, 0};
  case SSL_ERROR_WANT_WRITE:
    needs_room_ = true;
    return {kind::again, 0, 0};
  case SSL_ERROR_ZERO_RETURN:
    return {kind::closed, 0, 0};
  case SSL_ERROR_SYSCALL:
    if (number != 0 && SSL_get_verify_result(tls_.get()) == X509_V_OK)
      return {kind::failed, 0, number};
    [[fallthrough]];
  default:
    reason_ = why_tls_failed(tls_.get());
    return {kind::failed, 0, 0};
  }
}

bool tls_channel::pending() const {
  return tls_ && SSL_has_pending(tls_.get()) == 1;
}

void tls_channel::say_goodbye() {
  if (!tls_)
    return;
  ERR_clear_error();
  if (SSL_is_init_finished(tls_.get()) == 1 && reason_.empty())
    SSL_shutdown(tls_.get());
  ERR_clear_error();
}

const std::vector<std::string>& tls_channel::names() {
  if (names_.empty() && tls_ && SSL_is_init_finished(tls_.get()) == 1)
    if (const auto* theirs = SSL_get0_peer_certificate(tls_.get()))
      names_ = names_in(theirs);
  return names_;
}

} // namespace bulwark::detail
