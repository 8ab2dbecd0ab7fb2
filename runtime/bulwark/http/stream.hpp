#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace bulwark {

/// An answer that goes on: whoever answers writes to it, and the server sends
/// what comes, see `http_response::stream`. At most `waiting_max` bytes wait to
/// be sent, so that a client that does not read costs no more than that.
///
/// Safe to call from any thread.
class http_stream {
public:
  /// How many bytes wait at most, unless told otherwise.
  static constexpr size_t waiting_default = 256 * 1024;

  explicit http_stream(size_t waiting_max = waiting_default)
    : waiting_max_(waiting_max) {}

  /// Adds `bytes`; false where nothing was added: there is no room for all of
  /// them, or it has ended.
  bool write(std::string_view bytes);

  /// Ends it when all that waits was sent.
  void end();

  /// Ends it now. The server calls it too, when the connection is closed.
  void abort();

  /// Whether `end` or `abort` was called.
  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool aborted() const;

  /// Returns how many bytes wait, or are being sent.
  [[nodiscard]] size_t waiting() const;

  // -- for the server ---------------------------------------------------------

  /// `wake` is called, by whoever calls, whenever there is something to do.
  void wake_by(std::function<void()> wake);

  /// Takes up to `most` bytes, which count as waiting until `left`.
  std::string take(size_t most);
  void left();

private:
  void wake() const;

  const size_t waiting_max_;
  mutable std::mutex lock_;
  std::string waiting_;
  size_t being_sent_ = 0;
  bool ended_ = false;
  bool aborted_ = false;
  std::function<void()> wake_;
};

} // namespace bulwark
