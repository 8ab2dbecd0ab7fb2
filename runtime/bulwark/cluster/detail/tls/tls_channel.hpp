#pragma once

#include <bulwark/cluster/detail/frame_check.hpp>
#include <bulwark/cluster/detail/tls/tls_context.hpp>
#include <bulwark/cluster/detail/wire/tcp.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

typedef struct ssl_st SSL; // NOLINT(modernize-use-using): as OpenSSL has it

namespace bulwark::detail {

/// What is read from and written to a socket, encrypted. The handshake happens
/// by the way, within the first calls, and no call waits.
///
/// The side that accepts holds nothing before the first byte has come: as many
/// connections as strangers like cost as little as plain ones.
///
/// Confined to one thread at a time.
class tls_channel {
public:
  /// @pre `fd` stays open as long as this
  tls_channel(std::shared_ptr<const tls_context> context, int fd,
              wire_side side);

  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  /// As `receive_some` and `send_some`. What failed because of TLS has no
  /// number; see `reason`.
  transfer receive(std::span<char> into);
  transfer send(std::string_view bytes);

  /// Why the last call returned `again`: reading waits for room to write, or
  /// writing for something to read.
  bool needs_room() const noexcept { return needs_room_; }
  bool needs_bytes() const noexcept { return needs_bytes_; }

  /// Whether bytes have come that were not given yet: the socket does not know
  /// of these.
  bool pending() const;

  void say_goodbye();

  /// Why it failed.
  const std::string& reason() const noexcept { return reason_; }

  /// The names in the other side's certificate; none before the handshake.
  const std::vector<std::string>& names();

private:
  struct release {
    void operator()(SSL* what) const noexcept;
  };

  void begin();

  /// Begins when the first byte has come, if it is one of TLS. Returns what
  /// stands against that.
  transfer await_first_byte();

  transfer result_of(int code);

  std::shared_ptr<const tls_context> context_;
  int fd_;
  wire_side side_;
  std::unique_ptr<SSL, release> tls_;
  bool needs_room_ = false;
  bool needs_bytes_ = false;
  std::string reason_;
  std::vector<std::string> names_;
};

} // namespace bulwark::detail
